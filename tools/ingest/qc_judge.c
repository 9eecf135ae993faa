/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_judge.h"

#include "playout/intl.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

enum qc_severity qc_judge(const struct qc_rules *rules, const struct qc_finding *finding)
{
    return rules->severity[finding->kind];
}

/* Findings whose sentence needs no number. */
static const char *plain_sentence(enum qc_kind kind)
{
    switch (kind) {
    case QC_NO_SOUND:
        return _("there is no sound in it: put it in, or record it again with the microphone on");
    case QC_SOUND_ENDS:
        return _("no sound from here to the end");
    case QC_OUT_OF_PHASE:
        return _("left and right cancel each other out: on a set with one loudspeaker nothing is "
                 "heard; export it in mono");
    case QC_CUT_OFF:
        return _("it ends in the middle of a sound: is the end missing?");
    case QC_FLASHING:
        return _("it flashes in a way that may harm people with photosensitive epilepsy: look at "
                 "it closely, and show it only when it is safe");
    case QC_PORTRAIT:
        return _("it was filmed upright: turn the telephone on its side the next time");
    case QC_INTERLACED:
        return _("its pictures are interlaced; they were made whole");
    default:
        return "";
    }
}

/* When it begins, and how long it is. */
static void describe_time(const struct qc_finding *finding, char text[QC_SENTENCE_SIZE])
{
    const double value = finding->value;
    const size_t size = QC_SENTENCE_SIZE;
    switch ((enum qc_kind)finding->kind) {
    case QC_OFFSET:
        snprintf(text, size,
                 value > 0
                     ? _("the sound begins %.1f s after the picture: do lips and voice agree?")
                     : _("the picture begins %.1f s after the sound: do lips and voice agree?"),
                 fabs(value));
        break;
    case QC_TOO_LONG:
        snprintf(text, size,
                 _("%.0f s too long for its slot: what comes from here on will be cut; shorten it, "
                   "or ask for more time"),
                 value);
        break;
    case QC_TOO_SHORT:
        snprintf(text, size,
                 _("it fills less than half of its slot; something else airs for %.0f s: is it "
                   "whole?"),
                 value);
        break;
    default:
        text[0] = '\0';
        break;
    }
}

/* The value is: the side, a share or per cent, seconds, lines, pictures a second, a number. */
const char *qc_sentence(const struct qc_finding *finding, char text[QC_SENTENCE_SIZE])
{
    const double seconds = (double)(finding->to_us - finding->from_us) / 1e6;
    const double value = finding->value;
    const size_t size = QC_SENTENCE_SIZE;
    switch ((enum qc_kind)finding->kind) {
    case QC_SILENCE:
        snprintf(text, size, _("no sound for %.0f s"), seconds);
        break;
    case QC_ONE_SIDED:
        snprintf(text, size, "%s",
                 value < 0.5
                     ? _("sound on the left only: check the microphone's plug, or export it "
                         "in mono")
                     : _("sound on the right only: check the microphone's plug, or export "
                         "it in mono"));
        break;
    case QC_CLIPPING:
        snprintf(text, size,
                 _("recorded too loud, so that it is distorted (for %.0f s): turn the microphone "
                   "down"),
                 seconds);
        break;
    case QC_LEVEL:
        snprintf(text, size,
                 _("too quiet or too uneven: it comes to %.1f LKFS, not to what the station asks "
                   "for; speak nearer to the microphone"),
                 value);
        break;
    case QC_DRIFT:
        snprintf(text, size,
                 _("sound and picture drift apart by %.2f s; they were put in step: check the lips "
                   "near the end"),
                 value < 0 ? -value : value);
        break;
    case QC_OFFSET:
    case QC_TOO_LONG:
    case QC_TOO_SHORT:
        describe_time(finding, text);
        break;
    case QC_BLACK:
        snprintf(text, size, _("black for %.1f s"), seconds);
        break;
    case QC_STILL:
        snprintf(text, size, _("the picture stands still for %.0f s"), seconds);
        break;
    case QC_BARS:
        snprintf(text, size,
                 _("black bars take %.0f %% of the picture: export it in 16:9 without a border"),
                 value);
        break;
    case QC_SMALL:
        snprintf(text, size, _("the picture has only %.0f lines, and will look soft"), value);
        break;
    case QC_SLOW:
        snprintf(text, size, _("only %.1f pictures a second: movement will jump"), value);
        break;
    case QC_VARIABLE_RATE:
        snprintf(text, size, _("its pictures come at no regular times; they were put in step"));
        break;
    case QC_DAMAGE:
        snprintf(text, size,
                 _("%.0f parts of it could not be decoded, the first of them here: look at it, or "
                   "export it again"),
                 value);
        break;
    default:
        snprintf(text, size, "%s", plain_sentence((enum qc_kind)finding->kind));
        break;
    }
    return text;
}

const char *qc_time_text(int64_t time_us, char text[QC_TIME_SIZE])
{
    const int seconds = (int)(time_us / 1000000); /* 100 hours at most */
    snprintf(text, QC_TIME_SIZE, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return text;
}

const char *qc_remark(const struct qc_sheet *sheet, int i)
{
    const char *remarks[3] = {NULL};
    int count = 0;
    if (sheet->is_copy) {
        remarks[count++] = _("taken as it is: it has the house format already, as our own assets "
                             "have, and was not encoded again; one picture a second was looked at");
    }
    if (sheet->mended_sides) {
        remarks[count++] = _("its sound was mended: both sides carry it now");
    }
    return remarks[i];
}

const char *qc_severity_text(enum qc_severity severity)
{
    switch (severity) {
    case QC_NOTE:
        return _("hint");
    case QC_WARNING:
        return _("warning");
    case QC_REFUSE:
        return _("refused");
    default:
        return "";
    }
}

const struct qc_finding *qc_refusal(const struct qc_rules *rules, const struct qc_sheet *sheet)
{
    for (int i = 0; i < sheet->finding_count; i++) {
        if (qc_judge(rules, &sheet->findings[i]) == QC_REFUSE) {
            return &sheet->findings[i];
        }
    }
    return NULL;
}

int qc_count(const struct qc_rules *rules, const struct qc_sheet *sheet, enum qc_severity severity)
{
    int count = 0;
    for (int i = 0; i < sheet->finding_count; i++) {
        count += qc_judge(rules, &sheet->findings[i]) == severity;
    }
    return count;
}

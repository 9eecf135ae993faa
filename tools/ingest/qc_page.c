/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_page.h"

#include "playout/intl.h"
#include "scheduler/markup.h"
#include "tools/ingest/ingest_loudness.h"
#include "tools/ingest/qc_jpeg.h"
#include "tools/ingest/qc_judge.h"

#include <errno.h>
#include <stdlib.h>

/* The drawing of the loudness: units of the picture, and what they show. */
enum {
    CURVE_WIDTH = 960,
    CURVE_HEIGHT = 160,
    CURVE_LEFT = 40,
    CURVE_LOUDEST = 0,
    CURVE_QUIETEST = -60, /* LKFS */
    CURVE_LINE_EVERY = 12,
};

static const char STYLE[] =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:1040px;padding:24px;color:#1a1a1a;background:#fff;"
    "font:15px/1.5 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "h1{font-size:24px;margin:0}h2{font-size:16px;margin:28px 0 8px}"
    ".file{color:#555;margin:2px 0 16px;overflow-wrap:anywhere}"
    ".verdict{padding:12px 16px;border-left:6px solid;font-size:17px;margin:0 0 16px}"
    ".good{border-color:#1c7c3c;background:#eef7f0}.mind{border-color:#b26a00;background:#fdf5e6}"
    ".bad{border-color:#b3261e;background:#fcefee}"
    "dl{display:flex;flex-wrap:wrap;gap:4px 32px;margin:0}dl div{display:flex;gap:8px}"
    "dt{color:#555}dd{margin:0;font-variant-numeric:tabular-nums}"
    "table{border-collapse:collapse;width:100%}td{padding:6px 12px 6px 0;vertical-align:top;"
    "border-top:1px solid #ddd}td.time{white-space:nowrap;font-variant-numeric:tabular-nums}"
    "td.shot{width:120px}td.shot img{display:block;width:112px}"
    ".warning{color:#8a5200;font-weight:bold}.refuse{color:#b3261e;font-weight:bold}"
    ".note{color:#555}"
    ".strip{display:grid;grid-template-columns:repeat(8,1fr);gap:4px}"
    ".strip figure{margin:0}.strip img{display:block;width:100%}"
    ".strip figcaption{font-size:11px;color:#555;font-variant-numeric:tabular-nums}"
    "svg{display:block;width:100%;height:auto}svg text{font-size:11px;fill:#555}"
    "@media print{body{padding:0;font-size:10pt}tr,figure{break-inside:avoid}}";

static void write_text(FILE *out, const char *text)
{
    fputs("<bdi>", out);
    markup_text(out, text);
    fputs("</bdi>", out);
}

/* --- What came of it -------------------------------------------------------------------- */

static void write_verdict(const struct qc_report *report, FILE *out)
{
    const struct qc_rules *rules = &report->profile->qc;
    const int warnings = qc_count(rules, report->sheet, QC_WARNING);
    char text[128];
    if (report->record == NULL) {
        fputs("<p class=\"verdict bad\">", out);
        markup_text(out, _("Not taken:"));
        fputc(' ', out);
        write_text(out, report->refusal);
    } else if (warnings > 0) {
        snprintf(text, sizeof(text),
                 ngettext("Ready for the air; one thing to look at",
                          "Ready for the air; %d things to look at", (unsigned long)warnings),
                 warnings);
        fputs("<p class=\"verdict mind\">", out);
        markup_text(out, text);
    } else {
        fputs("<p class=\"verdict good\">", out);
        markup_text(out, _("Ready for the air"));
    }
    fputs("</p>\n", out);
}

static void write_fact(FILE *out, const char *what, const char *value)
{
    fputs("<div><dt>", out);
    markup_text(out, what);
    fputs("</dt><dd>", out);
    write_text(out, value);
    fputs("</dd></div>\n", out);
}

static void describe_sound(double lkfs, double peak_dbtp, char text[64])
{
    if (lkfs < INGEST_SILENCE_LKFS + 1) {
        snprintf(text, 64, "%s", _("WITHOUT SOUND"));
    } else {
        snprintf(text, 64, "%.1f LKFS, %.1f dBTP", lkfs, peak_dbtp);
    }
}

static void write_facts(const struct qc_report *report, FILE *out)
{
    const struct qc_sheet *sheet = report->sheet;
    const struct asset_record *record = report->record;
    char time[QC_TIME_SIZE];
    char sound[64];
    fputs("<dl>\n", out);
    write_fact(out, _("house number"), report->house_number);
    write_fact(out, _("house format"), report->profile->name);
    write_fact(out, _("length"), qc_time_text(sheet->length_us, time));
    describe_sound(sheet->lkfs, sheet->peak_dbtp, sound);
    write_fact(out, _("sound as handed in"), sound);
    if (record != NULL) {
        describe_sound(record->loudness_lkfs, record->true_peak_dbtp, sound);
        write_fact(out, _("sound on air"), sound);
    }
    for (int i = 0; qc_remark(sheet, i) != NULL; i++) {
        write_fact(out, _("remark"), qc_remark(sheet, i));
    }
    fputs("</dl>\n", out);
}

/* --- Pictures ---------------------------------------------------------------------------- */

static int write_picture(const struct qc_still *still, struct qc_jpeg *jpeg, FILE *out)
{
    char time[QC_TIME_SIZE];
    char *text = qc_jpeg_base64(jpeg, still);
    if (text == NULL) {
        return -ENOMEM;
    }
    fprintf(out, "<img alt=\"%s\" src=\"data:image/jpeg;base64,%s\">",
            qc_time_text(still->time_us, time), text);
    free(text);
    return 0;
}

static int write_findings(const struct qc_report *report, enum qc_severity severity,
                          struct qc_jpeg *jpeg, FILE *out)
{
    const struct qc_sheet *sheet = report->sheet;
    int result = 0;
    for (int i = 0; result == 0 && i < sheet->finding_count; i++) {
        const struct qc_finding *finding = &sheet->findings[i];
        char from[QC_TIME_SIZE];
        char to[QC_TIME_SIZE];
        char sentence[QC_SENTENCE_SIZE];
        if (qc_judge(&report->profile->qc, finding) != severity) {
            continue;
        }
        fputs("<tr><td class=\"shot\">", out);
        if (finding->picture >= 0) {
            result = write_picture(&sheet->pictures[finding->picture], jpeg, out);
        }
        fprintf(out, "</td><td class=\"time\">%s – %s</td><td class=\"%s\">",
                qc_time_text(finding->from_us, from), qc_time_text(finding->to_us, to),
                qc_severity_name(severity));
        markup_text(out, qc_severity_text(severity));
        fputs("</td><td>", out);
        markup_text(out, qc_sentence(finding, sentence));
        fputs("</td></tr>\n", out);
    }
    return result;
}

/* The gravest first. */
static int write_all_findings(const struct qc_report *report, struct qc_jpeg *jpeg, FILE *out)
{
    fputs("<h2>", out);
    markup_text(out, _("What was found"));
    fputs("</h2>\n<table>\n", out);
    int result = write_findings(report, QC_REFUSE, jpeg, out);
    result = result < 0 ? result : write_findings(report, QC_WARNING, jpeg, out);
    result = result < 0 ? result : write_findings(report, QC_NOTE, jpeg, out);
    fputs("</table>\n", out);
    if (report->sheet->left_out > 0) {
        char text[128];
        snprintf(text, sizeof(text),
                 ngettext("One more of these kinds is left out.",
                          "%d more of these kinds are left out.",
                          (unsigned long)report->sheet->left_out),
                 report->sheet->left_out);
        fputs("<p class=\"note\">", out);
        markup_text(out, text);
        fputs("</p>\n", out);
    }
    if (report->sheet->finding_count == 0) {
        markup_text(out, _("Nothing."));
    }
    return result;
}

static int write_strip(const struct qc_sheet *sheet, struct qc_jpeg *jpeg, FILE *out)
{
    int result = 0;
    fputs("<h2>", out);
    markup_text(out, _("From beginning to end, as it will air"));
    fputs("</h2>\n<div class=\"strip\">\n", out);
    for (int i = 0; result == 0 && i < sheet->strip_count; i++) {
        char time[QC_TIME_SIZE];
        fputs("<figure>", out);
        result = write_picture(&sheet->pictures[i], jpeg, out);
        fprintf(out, "<figcaption>%s</figcaption></figure>\n",
                qc_time_text(sheet->pictures[i].time_us, time));
    }
    fputs("</div>\n", out);
    return result;
}

/* --- Loudness ---------------------------------------------------------------------------- */

static double height_of(double lkfs)
{
    const double shown = lkfs < CURVE_QUIETEST  ? CURVE_QUIETEST
                         : lkfs > CURVE_LOUDEST ? CURVE_LOUDEST
                                                : lkfs;
    return (CURVE_LOUDEST - shown) * CURVE_HEIGHT / (CURVE_LOUDEST - CURVE_QUIETEST);
}

static void write_scale(double wanted_lkfs, FILE *out)
{
    for (int lkfs = CURVE_LOUDEST; lkfs >= CURVE_QUIETEST; lkfs -= CURVE_LINE_EVERY) {
        const double y = height_of(lkfs);
        fprintf(out,
                "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n",
                CURVE_LEFT, CURVE_WIDTH, y, y, CURVE_LEFT - 6, y + 4, lkfs);
    }
    fprintf(out,
            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#1c7c3c\" "
            "stroke-dasharray=\"6 4\"/>\n",
            CURVE_LEFT, CURVE_WIDTH, height_of(wanted_lkfs), height_of(wanted_lkfs));
}

static void write_curve(const struct qc_report *report, FILE *out)
{
    const struct qc_sheet *sheet = report->sheet;
    if (sheet->curve_count < 2) {
        return;
    }
    fputs("<h2>", out);
    markup_text(out, _("Loudness as handed in (LKFS, over 3 s)"));
    fprintf(out, "</h2>\n<svg viewBox=\"0 -8 %d %d\" role=\"img\">\n", CURVE_WIDTH,
            CURVE_HEIGHT + 16);
    write_scale(report->profile->audio.loudness_lkfs, out);
    fputs("<polyline fill=\"none\" stroke=\"#2458a6\" stroke-width=\"1.5\" points=\"", out);
    for (int i = 0; i < sheet->curve_count; i++) {
        fprintf(out, "%.1f,%.1f ",
                CURVE_LEFT + (double)i * (CURVE_WIDTH - CURVE_LEFT) / (sheet->curve_count - 1),
                height_of((double)sheet->curve[i]));
    }
    fputs("\"/>\n</svg>\n", out);
}

/* --- The page ---------------------------------------------------------------------------- */

static void write_head(const struct qc_report *report, FILE *out)
{
    const char *name = report->title[0] != '\0' ? report->title : report->house_number;
    fprintf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
            _("en"));
    markup_text(out, _("Technical review"));
    fputs(": ", out);
    markup_text(out, name);
    fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<h1>", STYLE);
    markup_text(out, _("Technical review"));
    fputs(": ", out);
    write_text(out, name);
    fputs("</h1>\n<p class=\"file\">", out);
    write_text(out, report->source);
    fputs("</p>\n", out);
}

int qc_page_write(const struct qc_report *report, FILE *out)
{
    struct qc_jpeg *jpeg = qc_jpeg_create(report->sheet->picture_width);
    if (jpeg == NULL) {
        return -ENOMEM;
    }
    write_head(report, out);
    write_verdict(report, out);
    write_facts(report, out);
    int result = write_all_findings(report, jpeg, out);
    write_curve(report, out);
    result = result < 0 ? result : write_strip(report->sheet, jpeg, out);
    fputs("</body>\n</html>\n", out);
    qc_jpeg_destroy(jpeg);
    return result;
}

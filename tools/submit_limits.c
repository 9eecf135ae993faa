/* SPDX-License-Identifier: MIT */
#include "tools/submit_limits.h"

#include "scheduler/markup.h"

#include <stddef.h>

enum { LINE_SIZE = 400 };

/* For teachers, who do not read the report of a film that they have not made yet. */
static const struct {
    const char *chinese;
    const char *english;
} kinds[QC_KINDS] = {
    /* but for those that have a time */
    [QC_NO_SOUND] = {"全片没有声音", "no sound at all"},
    [QC_SOUND_ENDS] = {"声音比画面先结束", "the sound ends before the picture"},
    [QC_ONE_SIDED] = {"只有左边或右边有声音", "sound on one side only"},
    [QC_OUT_OF_PHASE] = {"左右声道反相，单个喇叭听不到", "left and right cancel each other out"},
    [QC_CLIPPING] = {"录音过响，声音破了", "recorded too loud, distorted"},
    [QC_LEVEL] = {"声音太小或忽大忽小", "too quiet, or very uneven"},
    [QC_CUT_OFF] = {"话没说完就结束了", "ends in the middle of a word"},
    [QC_DRIFT] = {"声音和画面越来越对不上", "sound and picture drift apart"},
    [QC_OFFSET] = {"声音和画面不同时开始", "sound and picture do not begin together"},
    [QC_TOO_LONG] = {"比播出时段长", "longer than its slot"},
    [QC_TOO_SHORT] = {"不到播出时段的一半", "fills less than half of its slot"},
    [QC_FLASHING] = {"强烈闪烁，可能伤害光敏性癫痫患者",
                     "flashing that is dangerous in photosensitive epilepsy"},
    [QC_BARS] = {"四周有黑边", "black bars within the picture"},
    [QC_PORTRAIT] = {"竖着拍的", "portrait: held upright"},
    [QC_SMALL] = {"画面太小、不清晰", "too few lines: not sharp"},
    [QC_INTERLACED] = {"隔行扫描", "interlaced"},
    [QC_SLOW] = {"每秒画面太少，动作不连贯", "too few pictures a second"},
    [QC_VARIABLE_RATE] = {"帧率不稳定（录屏常见）",
                          "pictures at no regular times (screen recorders)"},
    [QC_DAMAGE] = {"文件有损坏，部分不能播放", "damaged: parts cannot be played"},
};
_Static_assert(QC_KINDS == 22, "a new kind of finding needs its line here");

struct sheet {
    FILE *out;
    bool is_html;
};

static void put(const struct sheet *sheet, const char *tag, const char *text)
{
    if (!sheet->is_html) {
        fprintf(sheet->out, "%s%s\n", tag[0] == 'l' ? "  - " : tag[0] == 'h' ? "\n" : "", text);
        return;
    }
    fprintf(sheet->out, "<%s>", tag);
    markup_text(sheet->out, text);
    fprintf(sheet->out, "</%s>\n", tag);
}

static void open_list(const struct sheet *sheet)
{
    fputs(sheet->is_html ? "<ul>\n" : "", sheet->out);
}

static void close_list(const struct sheet *sheet)
{
    fputs(sheet->is_html ? "</ul>\n" : "", sheet->out);
}

static int seconds_of(const struct qc_rules *rules, enum qc_kind kind)
{
    return kind == QC_SILENCE ? rules->silence_s
           : kind == QC_BLACK ? rules->black_s
                              : rules->still_s;
}

/* One that has a time is written with it. */
static void put_kind(const struct sheet *sheet, const struct qc_rules *rules, enum qc_kind kind)
{
    const int seconds = seconds_of(rules, kind);
    char line[LINE_SIZE];
    switch (kind) {
    case QC_SILENCE:
        snprintf(line, sizeof(line), "中间有 %d 秒以上没有声音  Silence of %d s or more", seconds,
                 seconds);
        break;
    case QC_BLACK:
        snprintf(line, sizeof(line), "黑屏 %d 秒以上  Black for %d s or more", seconds, seconds);
        break;
    case QC_STILL:
        snprintf(line, sizeof(line), "画面 %d 秒以上不动  A still picture for %d s or more",
                 seconds, seconds);
        break;
    default:
        snprintf(line, sizeof(line), "%s  %s", kinds[kind].chinese, kinds[kind].english);
    }
    put(sheet, "li", line);
}

static void put_severity(const struct sheet *sheet, const struct qc_rules *rules,
                         enum qc_severity severity, const char *head)
{
    size_t count = 0;
    for (int kind = 0; kind < QC_KINDS; kind++) {
        count += rules->severity[kind] == severity;
    }
    if (count == 0) {
        return;
    }
    put(sheet, "h2", head);
    open_list(sheet);
    for (int kind = 0; kind < QC_KINDS; kind++) {
        if (rules->severity[kind] == severity) {
            put_kind(sheet, rules, (enum qc_kind)kind);
        }
    }
    close_list(sheet);
}

static void put_best(const struct sheet *sheet, const struct profile *profile)
{
    char line[LINE_SIZE];
    put(sheet, "h2", "怎样的文件最好  Files that are best");
    open_list(sheet);
    snprintf(line, sizeof(line),
             "MP4 或 MOV，H.264 视频、AAC 声音，横拍，%d 线以上，每秒 %d 帧  "
             "MP4 or MOV, H.264 and AAC, held level, %d lines or more, %d pictures a second",
             profile->video.height, profile->video.pictures_per_second, profile->video.height,
             profile->video.pictures_per_second);
    put(sheet, "li", line);
    put(sheet, "li",
        "其他常见格式也收；请交原始文件，不要经微信压缩  Other common files are taken, too; hand "
        "in "
        "the original, not one that a messenger has made small");
    put(sheet, "li",
        "字要大，离四边留一些距离；说话离话筒近，环境安静  Large letters, away from the edges; a "
        "microphone near, a quiet room");
    put(sheet, "li",
        "字幕（.srt 或 .ass）与片子同名，一起交  Subtitles (.srt, .ass) by the name of the film, "
        "handed in with it");
    close_list(sheet);
}

static void put_names(const struct sheet *sheet, const struct station *station)
{
    char line[LINE_SIZE];
    put(sheet, "h2", "文件名  How to call it");
    open_list(sheet);
    put(sheet, "li", "节目代码  By its house number:  KT-42.mp4");
    put(sheet, "li",
        "或这样，次序不限  Or so, in any order:  "
        "第02周_周一_第1节_一年级_语文_春夏秋冬_示例学校A_示例教师01_v1.mp4");
    put(sheet, "li",
        "多个片子附一张清单（Excel 或 CSV）：文件、节目代码、课题、年级、学科、学校、教师、版权  "
        "Several films with a list (Excel, CSV) of these columns");
    put(sheet, "li",
        "写明片子和素材的版权、谁同意播出  Say who holds the rights, and who consents to its "
        "being shown");
    if (station->scheduler.cutoff_minutes > 0) {
        snprintf(line, sizeof(line),
                 "最迟在播出前 %d 分钟做好；首播后修改，要用新的节目代码  It must be ready %d min "
                 "before its time; after its first run a changed film needs a new house number",
                 station->scheduler.cutoff_minutes, station->scheduler.cutoff_minutes);
    } else {
        snprintf(line, sizeof(line),
                 "首播前可以换新的一份；首播后修改，要用新的节目代码  Until its first run a film "
                 "may be replaced; after it a changed one needs a new house number");
    }
    put(sheet, "li", line);
    close_list(sheet);
}

static void put_head(const struct sheet *sheet)
{
    if (!sheet->is_html) {
        fputs("交片须知  Films for the television classroom\n", sheet->out);
        return;
    }
    fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>交片须知"
          "</title>\n<style>@page{size:A4;margin:14mm}body{font:13px/1.5 'Noto Sans CJK SC',"
          "sans-serif;max-width:52em;margin:1.5em auto;padding:0 1em;color:#222}h1{font-size:24px;"
          "font-weight:500;margin:0 0 .3em;border-bottom:3px solid #1f5fa8}h2{font-size:15px;"
          "font-weight:500;color:#1f5fa8;margin:1em 0 .2em}ul{margin:0;padding-left:1.3em}"
          "li{margin:.15em 0;overflow-wrap:anywhere}</style></head><body>\n"
          "<h1>交片须知  Films for the television classroom</h1>\n",
          sheet->out);
}

void submit_limits_write(FILE *out, bool is_html, const struct station *station,
                         const struct profile *profile)
{
    const struct sheet sheet = {out, is_html};
    put_head(&sheet);
    put_best(&sheet, profile);
    put_names(&sheet, station);
    put_severity(&sheet, &profile->qc, QC_REFUSE, "这样的不收  What is refused");
    put_severity(&sheet, &profile->qc, QC_WARNING, "这样的会提醒  What is warned of");
    put_severity(&sheet, &profile->qc, QC_NOTE, "这样的会注明  What is noted");
    fputs(is_html ? "</body></html>\n" : "", out);
}

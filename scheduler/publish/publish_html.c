/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_html.h"

#include "scheduler/markup.h"
#include "scheduler/publish/publish_epg.h"
#include "scheduler/when.h"

#include <string.h>

enum { SUBJECT_COLOURS = 12 };

/* --- Style -------------------------------------------------------------------------- */

/* The page, and the grid; ISO C promises strings of no more than 4095 bytes. */
static const char page_style[] =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:6mm;color:#1a1a1a;background:#fff;"
    "font:9.5pt/1.4 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    "body.landscape{max-width:297mm}body.portrait{max-width:210mm}"
    "header{display:flex;align-items:flex-end;justify-content:space-between;"
    "border-bottom:.6mm solid #1a1a1a;padding-bottom:2mm;margin-bottom:3mm}"
    "h1{font:bold 21pt/1.15 'Noto Serif CJK SC','Source Han Serif SC','SimSun',serif;margin:0;"
    "letter-spacing:.08em}"
    "h1 .kind{font-weight:normal;margin-left:.5em;letter-spacing:.35em}"
    "header .week{font-size:11pt}header .edition{text-align:right;font-size:8pt;color:#555}"
    "header .edition b{font-size:11pt;color:#1a1a1a;display:block}"
    "bdi{white-space:pre-line}"
    "table{width:100%;border-collapse:collapse;table-layout:fixed}"
    "th,td{border:.25mm solid #888;padding:1.2mm 1.4mm;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{background:#efefec;font-weight:normal;text-align:center;vertical-align:middle;"
    "border-bottom:.5mm solid #1a1a1a}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "th.corner,th.period{width:20mm}th.period{font-weight:normal;text-align:center;"
    "background:#f7f7f5;vertical-align:middle}"
    "th.period b{display:block;font-size:10.5pt}th.period span{font-size:8pt;color:#444}"
    ".day b{display:block;font-size:12pt;letter-spacing:.1em}.day span{font-size:8.5pt}"
    ".day .special{display:block;margin-top:.6mm;padding:.2mm 1mm;font-size:8pt;font-weight:bold;"
    "border:.25mm solid #1a1a1a;background:#fff}"
    "td.off{background:repeating-linear-gradient(135deg,#fff 0 1.6mm,#ededea 1.6mm 1.9mm);"
    "text-align:center;vertical-align:middle;color:#555;font-size:10pt}"
    "td.none{color:#bbb;text-align:center;vertical-align:middle}"
    ".cell{border-left:1.2mm solid;padding-left:1.4mm;margin:-.2mm 0 1.2mm -.2mm}"
    ".cell:last-child{margin-bottom:0}"
    ".cell .subject{font-weight:bold;font-size:11pt}"
    ".cell .title{display:block;font-size:9.5pt}"
    ".cell .by,.cell .on,.cell .again{display:block;font-size:7.5pt;line-height:1.35;"
    "color:#444}"
    ".cell .own{font-size:8pt}"
    ".cell.changed,.cell.added{outline:.5mm solid #1a1a1a;outline-offset:.4mm}"
    ".cell.removed{border-left-style:dashed;color:#666}"
    ".cell.removed .subject,.cell.removed .title,.gone{text-decoration:line-through}"
    ".before{display:block;font-size:7.5pt;line-height:1.35}"
    ".mark{display:inline-block;min-width:1.6em;text-align:center;background:#1a1a1a;color:#fff;"
    "border-radius:.5mm;font:bold 7.5pt/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;"
    "margin-right:.5em;padding:0 .25em}"
    ".badge{display:inline-block;border:.2mm solid #666;border-radius:.6mm;padding:0 .7mm;"
    "margin-left:.8mm;font-size:7pt;line-height:1.35;white-space:nowrap}"
    ".badge.live{background:#1a1a1a;color:#fff;border-color:#1a1a1a}"
    ".changes{margin-top:4mm;border-top:.4mm solid #1a1a1a;padding-top:1.5mm;font-size:8.5pt;"
    "break-inside:avoid-page}.changes h2{font-size:10.5pt;margin:0 0 1mm}"
    ".changes ul{margin:0;padding:0;list-style:none;columns:2;column-gap:8mm}"
    ".changes li{break-inside:avoid;margin-bottom:.6mm}"
    ".legend{margin-top:2.5mm;font-size:7.5pt;color:#555}";

/* The list, the subjects. */
static const char listing_style[] =
    ".listing{columns:3;column-gap:6mm;column-rule:.2mm solid #bbb}"
    ".listing h2{font-size:11pt;margin:0 0 .8mm;padding:.6mm 1.4mm;background:#efefec;"
    "border-left:1.2mm solid #1a1a1a;break-after:avoid}"
    ".listing h2 span{font-weight:normal;font-size:9pt;margin-left:.6em}"
    ".listing h2 .special{display:block;margin:0;font-weight:bold;font-size:8pt}"
    ".listing ol{list-style:none;margin:0 0 3mm;padding:0}"
    ".listing li{display:flex;break-inside:avoid;font-size:8.5pt;line-height:1.38;"
    "padding:.25mm 0;border-bottom:.1mm dotted #bbb}"
    ".listing time{flex:0 0 9.5mm;font-variant-numeric:tabular-nums;font-weight:bold}"
    ".listing .what{overflow-wrap:anywhere}.listing li.lesson .name{font-weight:bold}"
    ".listing li.removed time{text-decoration:line-through;font-weight:normal}"
    ".listing li.other,.listing li.filler{color:#666;font-size:7.5pt}"
    ".listing li.other time,.listing li.filler time{font-weight:normal}"
    ".listing .again,.listing .by{white-space:nowrap}"
    ".listing .again{font-size:7pt;color:#444;margin-left:.8mm}"
    ".listing .by{font-size:7.5pt;color:#555}"
    ".s0{border-color:#b23b3b}.s1{border-color:#2f5d9e}.s2{border-color:#3d7f4f}"
    ".s3{border-color:#8a5a1f}.s4{border-color:#6b4a94}.s5{border-color:#1f7f86}"
    ".s6{border-color:#a34d7d}.s7{border-color:#5f6f1f}.s8{border-color:#4a5568}"
    ".s9{border-color:#c07a2c}.s10{border-color:#38689a}.s11{border-color:#7a3f3f}"
    "@media screen{body{box-shadow:0 0 4mm #ccc;margin:4mm auto}}"
    "@media print{body{padding:0}}";

/*
 * On a phone: one column of programmes; the grid keeps its columns as wide as a
 * lesson needs, and moves sideways under the periods, which stay.
 */
static const char phone_style[] =
    "@media screen and (max-width:640px){"
    "body{margin:0;padding:3mm;box-shadow:none;font-size:11pt}"
    "header{flex-wrap:wrap;gap:1.5mm}header .edition{text-align:left}"
    "h1{font-size:18pt;letter-spacing:0}h1 .kind{letter-spacing:.1em}"
    "table{display:block;overflow-x:auto;border-collapse:separate;border-spacing:0}"
    "th.day,td{min-width:36vw;max-width:36vw}"
    "th.corner,th.period{position:sticky;left:0;min-width:16vw;max-width:16vw;padding:1mm}"
    ".cell .subject{font-size:12pt}.cell .title{font-size:11pt}"
    ".cell .by,.cell .on,.cell .again,.cell .own,.before,.mark,.badge,.day .special,"
    "th.period span{font-size:9pt}.badge{white-space:normal}"
    ".listing,.changes ul{columns:1}.listing li,.changes{font-size:11pt}"
    ".listing time{flex-basis:13mm}.listing li.other,.listing li.filler,.listing .again,"
    ".listing .by,.listing h2 .special,.legend{font-size:9pt}}";

/* --- Text ------------------------------------------------------------------------------ */

void html_isolated(FILE *out, const char *text)
{
    fputs("<bdi>", out);
    markup_text(out, text);
    fputs("</bdi>", out);
}

void html_span(FILE *out, const char *css_class, const char *text)
{
    if (text[0] != '\0') {
        fprintf(out, "<span class=\"%s\">", css_class);
        html_isolated(out, text);
        fputs("</span>", out);
    }
}

const char *html_subject_class(const char *subject)
{
    static const char *const classes[SUBJECT_COLOURS] = {"s0", "s1", "s2", "s3", "s4",  "s5",
                                                         "s6", "s7", "s8", "s9", "s10", "s11"};
    static const char *const subjects[] = {"语文", "数学", "英语", "物理", "化学", "生物",
                                           "道法", "历史", "地理", "音乐", "科学", "美术"};
    unsigned sum = 5381;
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        if (strcmp(subjects[i], subject) == 0) {
            return classes[i];
        }
    }
    for (const char *at = subject; *at != '\0'; at++) {
        sum = sum * 33 + (unsigned char)*at;
    }
    return classes[sum % SUBJECT_COLOURS];
}

void html_mark(FILE *out, const struct epg_entry *entry)
{
    static const char *const marks[] = {
        [EPG_UNCHANGED] = "", [EPG_ADDED] = "增", [EPG_CHANGED] = "改", [EPG_REMOVED] = "取消"};
    if (entry->mark != EPG_UNCHANGED) {
        fprintf(out, "<span class=\"mark\">%s</span>", marks[entry->mark]);
    }
}

static void badge(FILE *out, bool is_there, const char *css_class, const char *text)
{
    if (is_there) {
        fprintf(out, "<span class=\"badge%s\">%s</span>", css_class, text);
    }
}

void html_badges(FILE *out, const struct epg_entry *entry)
{
    badge(out, entry->is_live, " live", "直播");
    badge(out, entry->has_subtitles, "", "字幕");
    badge(out, entry->is_signed, "", "手语");
    badge(out, entry->subtitles_later, "", "重播带字幕");
    badge(out, entry->signed_later, "", "重播带手语");
}

const char *html_clock(const struct zone *zone, int64_t time, char text[HTML_CLOCK_SIZE],
                       int64_t *date)
{
    int second = 0;
    const int64_t day = publish_date(zone, time + 30, &second);
    snprintf(text, HTML_CLOCK_SIZE, "%02d:%02d", second / 3600, second / 60 % 60);
    if (date != NULL) {
        *date = day;
    }
    return text;
}

/* --- Head -------------------------------------------------------------------------------- */

static void write_week(FILE *out, const struct html_page *page)
{
    struct civil first = {0};
    struct civil last = {0};
    civil_date(page->edition->week, &first);
    civil_date(page->edition->week + DAYS_PER_WEEK - 1, &last);
    if (page->term_week > 0) {
        fprintf(out, "第%d周　", page->term_week);
    }
    fprintf(out, "%d年%d月%d日—", first.year, first.month, first.day);
    if (last.year != first.year) {
        fprintf(out, "%d年", last.year);
    }
    if (last.month != first.month) {
        fprintf(out, "%d月", last.month);
    }
    fprintf(out, "%d日", last.day);
}

void html_begin(FILE *out, const struct html_page *page)
{
    struct civil civil;
    zone_to_civil(page->zone, page->edition->time, &civil);
    fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
          out);
    markup_text(out, page->subject);
    fprintf(out, " %s</title>\n<style>@page{size:A4 %s;margin:10mm}%s%s%s</style>\n</head>\n",
            page->kind, page->paper == HTML_LANDSCAPE ? "landscape" : "portrait", page_style,
            listing_style, phone_style);
    fprintf(out, "<body class=\"%s\">\n<header>\n<div><h1>",
            page->paper == HTML_LANDSCAPE ? "landscape" : "portrait");
    html_isolated(out, page->subject);
    fprintf(out, "<span class=\"kind\">%s</span></h1>\n<div class=\"week\">", page->kind);
    write_week(out, page);
    if (page->note[0] != '\0') {
        fputs("　", out);
        html_isolated(out, page->note);
    }
    fputs("</div></div>\n<div class=\"edition\"><b>", out);
    html_isolated(out, page->edition->station);
    fprintf(out, "</b>第%d版　%d年%d月%d日 %02d:%02d 发布</div>\n</header>\n",
            page->edition->number, civil.year, civil.month, civil.day, civil.hour, civil.minute);
}

void html_finish(FILE *out)
{
    fputs("</body>\n</html>\n", out);
}

void html_day(FILE *out, const struct html_page *page, const struct publish_choice *choice,
              int64_t date)
{
    const struct edition *edition = page->edition;
    struct civil civil = {0};
    civil_date(date, &civil);
    fprintf(out, "<b>%s</b><span>%d月%d日</span>", when_day_chinese(civil_weekday(date)),
            civil.month, civil.day);
    for (size_t i = 0; i < edition->channel_count; i++) {
        const struct edition_channel *channel = &edition->channels[i];
        for (size_t k = 0; publish_choice_has_channel(choice, channel) && k < channel->count; k++) {
            const struct epg_entry *entry = &channel->entries[k];
            char clock[HTML_CLOCK_SIZE];
            int64_t day = 0;
            html_clock(page->zone, entry->start, clock, &day);
            if (epg_is_day(entry) && day == date && !entry->is_cancelled &&
                !publish_choice_day_is_known(choice, edition, i, entry)) {
                fputs("<span class=\"special\">", out);
                html_mark(out, entry);
                html_isolated(out, entry->texts[EPG_TITLE]);
                fputs("</span>", out);
            }
        }
    }
}

/* --- Changes ------------------------------------------------------------------------------ */

/* Repeats follow their lessons: they are counted, not listed. */
static bool is_listed(const struct epg_entry *entry)
{
    return entry->mark != EPG_UNCHANGED && entry->kind != EPG_REPEAT;
}

static void write_change(FILE *out, const struct html_page *page,
                         const struct edition_channel *channel, const struct epg_entry *entry,
                         bool is_of_many)
{
    char clock[HTML_CLOCK_SIZE];
    int64_t date = 0;
    struct civil civil = {0};
    html_clock(page->zone, entry->start, clock, &date);
    civil_date(date, &civil);
    fputs("<li>", out);
    html_mark(out, entry);
    fprintf(out, "%s %d月%d日 %s ", when_day_chinese(civil_weekday(date)), civil.month, civil.day,
            epg_is_day(entry) ? "" : clock);
    if (is_of_many) {
        html_isolated(out, channel->title);
        putc(' ', out);
    }
    html_span(out, entry->mark == EPG_REMOVED ? "gone" : "now", entry->texts[EPG_TITLE]);
    if (entry->texts[EPG_BEFORE][0] != '\0') {
        fputs("（原为：", out);
        html_isolated(out, entry->texts[EPG_BEFORE]);
        fputs("）", out);
    } else if (entry->mark == EPG_CHANGED) {
        fputs("（说明有变）", out);
    }
    if (entry->texts[EPG_REASON][0] != '\0') {
        fputs("　原因：", out);
        html_isolated(out, entry->texts[EPG_REASON]);
    }
    fputs("</li>\n", out);
}

static bool is_chosen(const struct publish_choice *choice, const struct epg_entry *entry)
{
    return epg_is_day(entry) || publish_choice_has_entry(choice, entry);
}

void html_changes(FILE *out, const struct html_page *page, const struct publish_choice *choice)
{
    const struct edition *edition = page->edition;
    size_t repeats = 0;
    size_t listed = 0;
    if (edition->number == 1) {
        return;
    }
    fprintf(out, "<section class=\"changes\"><h2>变更说明（与第%d版相比）</h2>\n<ul>\n",
            edition->number - 1);
    for (size_t i = 0; i < edition->channel_count; i++) {
        const struct edition_channel *channel = &edition->channels[i];
        for (size_t k = 0; publish_choice_has_channel(choice, channel) && k < channel->count; k++) {
            const struct epg_entry *entry = &channel->entries[k];
            const bool is_mine = is_chosen(choice, entry);
            repeats += is_mine && entry->mark != EPG_UNCHANGED && entry->kind == EPG_REPEAT;
            if (is_mine && is_listed(entry)) {
                write_change(out, page, channel, entry, choice->channel_count != 1);
                listed++;
            }
        }
    }
    if (repeats > 0) {
        fprintf(out, "<li>另有 %zu 次重播随之变更。</li>\n", repeats);
    } else if (listed == 0) {
        fputs("<li>本表无变更。</li>\n", out);
    }
    fputs("</ul></section>\n", out);
}

/* SPDX-License-Identifier: MIT */
#include "tools/receipt.h"

#include "scheduler/markup.h"
#include "tools/submit_text.h"

#include <string.h>

enum { FRAMES = 25, ROW_SIZE = 1200 };

struct sheet {
    FILE *out;
    bool is_html;
};

static void put_row(const struct sheet *sheet, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    if (sheet->is_html) {
        fputs("<tr><th>", sheet->out);
        markup_text(sheet->out, name);
        fputs("</th><td>", sheet->out);
        markup_text(sheet->out, text);
        fputs("</td></tr>\n", sheet->out);
    } else {
        fprintf(sheet->out, "%s: %s\n", name, text);
    }
}

static const char *next_chinese(const struct store_submission *submission)
{
    switch (submission->state) {
    case SUBMISSION_RECEIVED:
        return "已收到，排队技审和制作";
    case SUBMISSION_CHECKING:
        return "正在技审和制作";
    case SUBMISSION_ACCEPTED:
        return "技审通过，已制作好，等待审签和播出";
    case SUBMISSION_REJECTED:
        return "没有收下，请按下面的意见修改后重交";
    default:
        return "已由后交的一份替换";
    }
}

static const char *next_english(const struct store_submission *submission)
{
    switch (submission->state) {
    case SUBMISSION_RECEIVED:
        return "received; it waits for the technical review";
    case SUBMISSION_CHECKING:
        return "it is being reviewed and made ready";
    case SUBMISSION_ACCEPTED:
        return "reviewed and made ready; it waits for approval and its time";
    case SUBMISSION_REJECTED:
        return "not taken; mend what is said below and hand it in again";
    default:
        return "replaced by one that was handed in later";
    }
}

static void put_lesson(const struct sheet *sheet, const struct store_submission *submission,
                       const struct submit_desk *desk, const struct zone *zone)
{
    const char *number = submission->house_number != NULL ? submission->house_number : "";
    const struct film_lesson *lesson = submit_desk_lesson(desk, number);
    const struct ready_row *airing = submit_desk_airing(desk, number);
    char text[ROW_SIZE];
    char time[ZONE_TEXT_SIZE];
    put_row(sheet, "节目代码 House number", number);
    if (lesson != NULL && lesson->title != NULL) {
        snprintf(text, sizeof(text), "%s %s %s", lesson->grade != NULL ? lesson->grade : "",
                 lesson->subject != NULL ? lesson->subject : "", lesson->title);
        put_row(sheet, "课题 Lesson", text);
    }
    if (airing != NULL) {
        snprintf(text, sizeof(text), "%.16s  %s", zone_frame_text(zone, airing->start, time),
                 airing->channel);
        char *parting = strchr(text, 'T');
        if (parting != NULL) {
            *parting = ' ';
        }
    }
    put_row(sheet, "播出时间 Airs",
            airing != NULL ? text : "四周内没有排 (not planned within four weeks)");
}

static void put_rows(const struct sheet *sheet, const struct store_submission *submission,
                     const struct submit_desk *desk, const struct zone *zone)
{
    char text[ROW_SIZE];
    char time[ZONE_TEXT_SIZE];
    char name[SUBMIT_NAME_SIZE];
    snprintf(text, sizeof(text), "%lld", (long long)submission->id);
    put_row(sheet, "提交编号 Number", text);
    zone_frame_text(zone, submission->received_ms / 1000 * FRAMES, time);
    snprintf(text, sizeof(text), "%.10s %.5s", time, time + sizeof("2026-11-30"));
    put_row(sheet, "收到时间 Received", text);
    put_row(sheet, "文件 File", submit_name(submission->file_name, name));
    put_row(sheet, "SHA-256", submission->sha256);
    put_row(sheet, "字幕 Subtitles",
            submission->subtitles[0] != '\0' ? submit_name(submission->subtitles, name) : "");
    put_lesson(sheet, submission, desk, zone);
    put_row(sheet, "学校 School", submission->school);
    put_row(sheet, "教师 Teacher", submission->teacher);
    put_row(sheet, "版权与授权 Consent",
            submission->consent[0] != '\0' ? submission->consent
                                           : "没有写，请补交 (none was given: please add it)");
    put_row(sheet, "状态", next_chinese(submission));
    put_row(sheet, "State", next_english(submission));
    put_row(sheet, "意见 Findings", submission->finding);
}

void receipt_write(FILE *out, bool is_html, const struct store_submission *submission,
                   const struct submit_desk *desk, const struct zone *zone)
{
    const struct sheet sheet = {out, is_html};
    if (is_html) {
        fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
              "<title>提交回执 Receipt</title>\n<style>body{font:16px/1.6 'Noto Sans CJK SC',"
              "sans-serif;max-width:46em;margin:2em auto;padding:0 1em}th{text-align:left;"
              "white-space:nowrap;padding:.2em 1.5em .2em 0;vertical-align:top;font-weight:500;"
              "color:#555}td{padding:.2em 0;overflow-wrap:anywhere}table{border-top:2px solid "
              "#1f5fa8}</style></head><body>\n<h1>提交回执 Receipt</h1>\n<table>\n",
              out);
    } else {
        fputs("提交回执 Receipt\n\n", out);
    }
    put_rows(&sheet, submission, desk, zone);
    if (is_html) {
        fputs("</table>\n</body></html>\n", out);
    }
}

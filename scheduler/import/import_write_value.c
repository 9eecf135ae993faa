/* SPDX-License-Identifier: MIT */
/* Values of YAML 1.1, as libyaml reads them. */
#include "scheduler/import/import_write.h"

#include "scheduler/text_width.h"

#include <string.h>
#include <strings.h>

/* A word or a number that would not be read as text. */
static bool has_meaning(const char *text)
{
    static const char *const words[] = {"~", "null", "true", "false", "yes", "no", "on", "off",
                                        "y", "n",    "同",   "same",  "-",   "<<", "="};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return true;
        }
    }
    return strchr("0123456789.+-", text[0]) != NULL &&
           strspn(text, "0123456789abcdefxABCDEFX.:+-_") == strlen(text);
}

static bool is_plain(const char *text)
{
    if (text[0] == '\0' || strchr("-?:,[]{}#&*!|>'\"%@` ", text[0]) != NULL) {
        return false;
    }
    return strpbrk(text, ",[]{}#:\"\\\n\t") == NULL && text[strlen(text) - 1] != ' ' &&
           !has_meaning(text);
}

static bool has_control(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f) {
            return true;
        }
    }
    return false;
}

static void write_double_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            fprintf(out, "\\%c", *at);
        } else if (*at == '\n') {
            fputs("\\n", out);
        } else if (*at < 0x20 || *at == 0x7f) {
            fprintf(out, "\\x%02x", *at);
        } else {
            fputc(*at, out);
        }
    }
    fputc('"', out);
}

void import_write_value(const char *text, FILE *out)
{
    if (is_plain(text)) {
        fputs(text, out);
        return;
    }
    if (has_control(text)) {
        write_double_quoted(text, out);
        return;
    }
    fputc('\'', out);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\'') {
            fputc('\'', out);
        }
        fputc(*at, out);
    }
    fputc('\'', out);
}

int import_write_width(const char *text)
{
    enum { QUOTES = 2 };
    int width = text_width(text);
    if (!is_plain(text)) {
        width += QUOTES;
        for (const char *at = text; *at != '\0'; at++) {
            width += *at == '\'';
        }
    }
    return width;
}

void import_write_days(unsigned days, FILE *out)
{
    const char *comma = "";
    fputc('[', out);
    for (int day = 0; day < IMPORT_DAYS; day++) {
        if ((days >> day & 1) != 0) {
            fprintf(out, "%s%s", comma, import_day_name(day));
            comma = ", ";
        }
    }
    fputc(']', out);
}

/* A cell's name may hold a sheet's, and that anything: no line may end in it. */
static void write_comment(const char *text, FILE *out)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        fputc(*at < 0x20 || *at == 0x7f ? ' ' : *at, out);
    }
}

void import_write_doubts(unsigned doubts, const char *place, FILE *out)
{
    static const struct {
        enum import_doubt doubt;
        const char *comment;
    } comments[] = {
        {IMPORT_DOUBT_TITLE, "没有课题"},
        {IMPORT_DOUBT_SUBJECT, "学科不认识"},
        {IMPORT_DOUBT_LINES, "课题、教师、学校分不清"},
        {IMPORT_DOUBT_PERSON, "是课题还是教师"},
        {IMPORT_DOUBT_REPEAT, "标为重播，表中没有首播"},
        {IMPORT_DOUBT_TIME, "时间不明"},
        {IMPORT_DOUBT_OVERLAP, "时间与其他节次重叠"},
        {IMPORT_DOUBT_SOURCE, "填写信号源"},
        {IMPORT_DOUBT_PITCH, "填写每节间隔 pitch"},
        {IMPORT_DOUBT_LENGTH, "文字太长"},
        {IMPORT_DOUBT_SLOT, "与另一课占同一格"},
        {IMPORT_DOUBT_GRADE, "年级不认识"},
        {IMPORT_DOUBT_NAME, "课题中是否有教师"},
        {IMPORT_DOUBT_TWO_SUBJECTS, "有两个学科"},
    };
    const bool has_place = place != NULL && place[0] != '\0';
    const char *before = has_place ? "：" : "";
    if (doubts == 0) {
        return;
    }
    fputs("  # 请核对 ", out);
    if (has_place) {
        write_comment(place, out);
    }
    for (size_t i = 0; i < sizeof(comments) / sizeof(comments[0]); i++) {
        if ((doubts & comments[i].doubt) != 0) {
            fprintf(out, "%s%s", before, comments[i].comment);
            before = "；";
        }
    }
}

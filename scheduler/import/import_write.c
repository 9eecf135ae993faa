/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_write.h"

#include "scheduler/import/import_text.h"

#include <stdlib.h>
#include <string.h>

static void write_pair(const char *key, const char *value, FILE *out)
{
    if (value != NULL) {
        fprintf(out, ", %s: ", key);
        import_write_value(value, out);
    }
}

static void write_times(int start, int end, FILE *out)
{
    char texts[2][IMPORT_CLOCK_TEXT_SIZE];
    fprintf(out, ", start: %s, end: %s", import_clock_text(start, texts[0]),
            import_clock_text(end, texts[1]));
}

static void write_more(const char *more, FILE *out)
{
    fputs(more != NULL ? more : "", out);
}

static void write_lesson(const struct import_lesson *lesson, FILE *out)
{
    fputs("  - {house_number: ", out);
    import_write_value(lesson->house_number, out);
    write_pair("grade", lesson->grade, out);
    write_pair("subject", lesson->subject, out);
    write_pair("title", import_lesson_title(lesson), out);
    write_pair("teacher", lesson->teacher, out);
    write_pair("school", lesson->school, out);
    write_more(lesson->more, out);
    fputc('}', out);
    import_write_doubts(lesson->doubts, lesson->place, out);
    fputc('\n', out);
}

static bool is_of_week(const struct import *import, size_t lesson, int week)
{
    for (size_t i = 0; i < import->entry_count; i++) {
        if (import->entries[i].lesson == lesson &&
            (import->entries[i].weeks >> (unsigned)week & 1) != 0) {
            return true;
        }
    }
    return false;
}

bool import_airs_lesson(const struct import *import, const struct import_output *output,
                        size_t lesson)
{
    return import->lessons[lesson].house_number != NULL &&
           (!output->is_addition || is_of_week(import, lesson, import->week));
}

static void write_lessons(const struct import *import, const struct import_output *output,
                          FILE *out)
{
    const char *head = "\nlessons:                # 节目代码、年级、学科、课题、授课教师、学校\n";
    for (size_t i = 0; i < import->lesson_count; i++) {
        if (import_airs_lesson(import, output, i) && !import->lessons[i].is_beside) {
            fputs(head, out);
            head = "";
            write_lesson(&import->lessons[i], out);
        }
    }
}

static void write_periods(const struct import *import, FILE *out)
{
    fputs("\nperiods:                # 节次\n", out);
    for (size_t i = 0; i < import->period_count; i++) {
        const struct import_period *period = &import->periods[i];
        fputs("  - {name: ", out);
        import_write_value(period->name, out);
        if (period->has_time) {
            write_times(period->start, period->end, out);
        }
        write_more(period->more, out);
        fputc('}', out);
        import_write_doubts(period->doubts, import_period_time_place(period), out);
        fputc('\n', out);
    }
}

static unsigned days_with_lessons(const struct import *import)
{
    unsigned days = 0;
    for (size_t i = 0; i < import->entry_count; i++) {
        days |= 1U << import->entries[i].day;
    }
    return days;
}

/* The days of a rule, unless they are those with lessons, or all of the grid. */
static void write_rule_days(const struct import *import, unsigned days, FILE *out)
{
    const unsigned school = days_with_lessons(import);
    if (days != 0 && days != import->days && days != school) {
        fputs(", days: ", out);
        import_write_days(days, out);
        if ((days & ~school) != 0) {
            fputs(", when: always", out);
        }
    }
}

/* Days that have repeats and no lessons. */
static unsigned days_of_repeats(const struct import *import)
{
    unsigned days = 0;
    for (size_t i = 0; i < import->repeat_count; i++) {
        days |= import->repeats[i].days;
    }
    return days & ~days_with_lessons(import);
}

/* A break is between lessons: a column of repeats alone has none. */
static void write_break_days(const struct import *import, unsigned days, FILE *out)
{
    const unsigned named = days != 0 ? days : import->days;
    const unsigned school = named & days_with_lessons(import);
    if (school != 0 && days_of_repeats(import) != 0) {
        fputs(", days: ", out);
        import_write_days(school, out);
    } else {
        write_rule_days(import, days, out);
    }
}

static void write_breaks(const struct import *import, FILE *out)
{
    if (import->break_count > 0) {
        fputs("\nbreaks:                 # 课间\n", out);
    }
    for (size_t i = 0; i < import->break_count; i++) {
        const struct import_break *item = &import->breaks[i];
        fputs("  - {name: ", out);
        import_write_value(item->name, out);
        write_times(item->start, item->end, out);
        write_break_days(import, item->days, out);
        write_more(item->more, out);
        fputs("}\n", out);
    }
}

/* Without its source a relay cannot be; the operator takes the # away. */
static void write_relays(const struct import *import, FILE *out)
{
    if (import->relay_count > 0) {
        fputs("\n# relays:               # 定时转播：填写 source（信号源）后去掉行首的 #\n", out);
    }
    for (size_t i = 0; i < import->relay_count; i++) {
        const struct import_relay *relay = &import->relays[i];
        fputs("#   - {name: ", out);
        import_write_value(relay->name, out);
        write_times(relay->start, relay->end, out);
        fputs(", source: ?", out);
        write_rule_days(import, relay->days, out);
        fputc('}', out);
        import_write_doubts(IMPORT_DOUBT_SOURCE, relay->place, out);
        fputc('\n', out);
    }
}

static bool is_in(const struct import_repeat *repeat, const struct import_period *period)
{
    const int number = import_period_number(period->name);
    return number >= repeat->first_period && number <= repeat->last_period;
}

static void write_repeat_periods(const struct import *import, const struct import_repeat *repeat,
                                 FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < import->period_count; i++) {
        count += is_in(repeat, &import->periods[i]);
    }
    if (count == import->period_count || count == 0) {
        return;
    }
    const char *comma = "";
    fputs(", periods: [", out);
    for (size_t i = 0; i < import->period_count; i++) {
        if (is_in(repeat, &import->periods[i])) {
            fputs(comma, out);
            import_write_value(import->periods[i].name, out);
            comma = ", ";
        }
    }
    fputc(']', out);
}

static void write_repeats(const struct import *import, FILE *out)
{
    char texts[2][IMPORT_CLOCK_TEXT_SIZE];
    if (import->repeat_count > 0) {
        fputs("\nrepeats:                # 重播\n", out);
    }
    for (size_t i = 0; i < import->repeat_count; i++) {
        const struct import_repeat *repeat = &import->repeats[i];
        fputs("  - {of: ", out);
        if (repeat->of_days != 0 && repeat->of_days == days_with_lessons(import)) {
            fputs("本周", out);
        } else if (repeat->of_days != 0) {
            import_write_days(repeat->of_days, out);
        } else {
            fputs("当日", out);
        }
        write_rule_days(import, repeat->days, out);
        fprintf(out, ", from: %s, until: %s", import_clock_text(repeat->start, texts[0]),
                import_clock_text(repeat->end, texts[1]));
        if (repeat->pitch_minutes > 0) {
            fprintf(out, ", pitch: %d", repeat->pitch_minutes);
        }
        if (repeat->has_periods) {
            write_repeat_periods(import, repeat, out);
        }
        fputc('}', out);
        import_write_doubts(repeat->doubts, repeat->place, out);
        fputc('\n', out);
    }
}

static void write_date(struct import_date date, FILE *out)
{
    fprintf(out, "%d-%02d-%02d", date.year, date.month, date.day);
}

static void write_holiday(const struct import_holiday *holiday, FILE *out)
{
    fputs("- {date: ", out);
    write_date(holiday->date, out);
    if (import_date_number(holiday->until) > import_date_number(holiday->date)) {
        fputs(", until: ", out);
        write_date(holiday->until, out);
    }
    if (holiday->has_runs) {
        fputs(", runs: ", out);
        write_date(holiday->runs, out);
    } else if (holiday->is_working) {
        fputs(", runs: ?", out);
    } else {
        fputs(", holiday: ", out);
        import_write_value(holiday->name, out);
    }
    if (holiday->is_working) {
        write_pair("reason", holiday->name, out);
    }
    fputc('}', out);
    if (holiday->is_working && !holiday->has_runs) {
        fputs("  # 请核对：填写补哪天的课（日期或周一），再去掉行首的 #", out);
    }
    fputc('\n', out);
}

static void write_calendar(const struct import *import, FILE *out)
{
    fputs("# terms:                # 学期：填写后去掉行首的 #\n"
          "#   - {name: ?, week_1: ?, weeks: 20}   # week_1 是第一周的周一\n",
          out);
    fputs("dates:                  # 放假、调休\n", out);
    for (size_t i = 0; i < import->holiday_count; i++) {
        const struct import_holiday *holiday = &import->holidays[i];
        fputs(holiday->is_working && !holiday->has_runs ? "#   " : "  ", out);
        write_holiday(holiday, out);
    }
}

static void write_calendar_hints(const struct import *import, FILE *out)
{
    if (import->holiday_count > 0) {
        fputs("\n# 校历 calendars/*.yaml 里要有：\n", out);
    }
    for (size_t i = 0; i < import->holiday_count; i++) {
        fputs("#   ", out);
        write_holiday(&import->holidays[i], out);
    }
}

/* The file's own name, whatever encoding the folder is in. */
static void write_file_name(const char *path, FILE *out)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    struct import_text text = {0};
    if (import_text_decode(name, strlen(name), &text) < 0) {
        fputs("文件", out);
        return;
    }
    (void)import_text_clean(text.text);
    for (const char *at = text.text; *at != '\0'; at++) {
        fputc(*at == '\n' ? ' ' : *at, out);
    }
    free(text.text);
}

static void write_beginning(const struct import *import, const struct import_output *output,
                            FILE *out)
{
    fputs("# 由 ketang import 从 ", out);
    write_file_name(import->file, out);
    fputs(" 导入。改课表的方法见 README.md。\n", out);
    fputs("format: 1\n", out);
    if (!import->is_calendar) {
        fputs("channel: ", out);
        import_write_value(output->channel != NULL ? output->channel : "?", out);
        fputs(output->channel != NULL ? "\n" : "  # 请核对：填写频道\n", out);
    }
    if (import->title != NULL && strlen(import->title) <= IMPORT_TEXT_BYTES_MOST) {
        fputs("title: ", out);
        import_write_value(import->title, out);
        fputc('\n', out);
    }
}

int import_write(const struct import *import, const struct import_output *output, FILE *out)
{
    write_beginning(import, output, out);
    if (import->is_calendar) {
        write_calendar(import, out);
        return 0;
    }
    write_lessons(import, output, out);
    if (!output->is_addition) {
        write_periods(import, out);
    }
    const int result = import_write_grid(import, output, out);
    if (result == 0 && !output->is_addition) {
        write_breaks(import, out);
        write_relays(import, out);
        write_repeats(import, out);
    }
    if (result == 0) {
        write_calendar_hints(import, out);
    }
    return result;
}

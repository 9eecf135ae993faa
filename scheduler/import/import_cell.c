/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_cell.h"

#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROLES_MOST = 8, PIECES_MOST = 8 };

enum role {
    ROLE_SUBJECT,
    ROLE_TITLE,
    ROLE_TEACHER,
    ROLE_SCHOOL,
    ROLE_GRADE,
    ROLE_COUNT,
};

struct scan {
    const struct import_request *request;
    struct import_reading *reading;
    char pieces[PIECES_MOST][IMPORT_READING_SIZE]; /* that may be titles */
    size_t piece_count;
    size_t piece_total;
    bool is_named_title; /* 《...》 or 课题：... */
};

static char *text_of(struct import_reading *reading, enum role role)
{
    char *const texts[ROLE_COUNT] = {reading->subject, reading->title, reading->teacher,
                                     reading->school, reading->grade};
    return texts[role];
}

static void set(char *to, const char *text, size_t length)
{
    snprintf(to, IMPORT_READING_SIZE, "%.*s", (int)length, text);
}

/* A second teacher or school is one of two. */
static void add(char *to, const char *text, size_t length)
{
    const size_t used = strlen(to);
    if (used == 0) {
        set(to, text, length);
    } else if (used + length + 4 < IMPORT_READING_SIZE) {
        snprintf(to + used, IMPORT_READING_SIZE - used, "、%.*s", (int)length, text);
    }
}

static const char *folded_copy(const char *text, size_t length, char room[IMPORT_READING_SIZE])
{
    set(room, text, length);
    import_text_fold(room);
    return room;
}

/* Separators between the parts of a line, in their full-width forms too. */
static size_t separator_length(const char *text)
{
    static const char *const separators[] = {" ",  ":", "：", "/", "／", "|",
                                             "｜", ",", "，", ";", "；", "·"};
    for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
        if (import_text_starts(text, separators[i])) {
            return strlen(separators[i]);
        }
    }
    return 0;
}

static void trim(char *text)
{
    size_t skip = 0;
    for (size_t length; (length = separator_length(text + skip)) > 0;) {
        skip += length;
    }
    memmove(text, text + skip, strlen(text + skip) + 1);
    for (bool is_done = false; !is_done && text[0] != '\0';) {
        size_t last = strlen(text) - 1;
        while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80) {
            last--;
        }
        is_done = separator_length(text + last) == 0;
        if (!is_done) {
            text[last] = '\0';
        }
    }
}

static void cut_out(char *text, size_t from, size_t length)
{
    memmove(text + from, text + from + length, strlen(text + from + length) + 1);
}

/* Takes a marker and the brackets around it off the line. */
static bool take_marker(char *line, const char *marker)
{
    static const char *const brackets[][2] = {
        {"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
        char whole[40];
        snprintf(whole, sizeof(whole), "%s%s%s", brackets[i][0], marker, brackets[i][1]);
        char *found = strcasestr(line, whole);
        if (found == NULL) {
            continue;
        }
        const bool is_bare = brackets[i][0][0] == '\0';
        const char after = found[strlen(whole)];
        const bool in_word =
            isascii((unsigned char)marker[0]) &&
            ((found > line && isalnum((unsigned char)found[-1])) || isalnum((unsigned char)after));
        /* Without brackets only where it begins the line or is a word of it:
         * 直播间 within a title is no marker. */
        const bool is_apart = (found == line || separator_length(found - 1) > 0) &&
                              (after == '\0' || separator_length(found + strlen(whole)) > 0);
        if (is_bare && (in_word || !is_apart)) {
            continue;
        }
        cut_out(line, (size_t)(found - line), strlen(whole));
        trim(line);
        return true;
    }
    return false;
}

static void take_markers(struct scan *scan, char *line)
{
    static const char *const repeats[] = {"重播", "Repeat", "Re-telecast", "Rpt"};
    static const char *const lives[] = {"直播", "Live"};
    static const char *const firsts[] = {"首播", "新课", "录播"};
    for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++) {
        scan->reading->is_repeat = take_marker(line, repeats[i]) || scan->reading->is_repeat;
    }
    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
        scan->reading->is_live = take_marker(line, lives[i]) || scan->reading->is_live;
    }
    for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
        (void)take_marker(line, firsts[i]);
    }
}

/* A time range of the cell's own, as R3 has them.  The line is folded for it: times are ASCII. */
static void take_range(struct scan *scan, char *line)
{
    char room[IMPORT_READING_SIZE];
    size_t from = 0;
    size_t length = 0;
    struct import_range range;
    int seconds = 0;
    enum import_clock_verdict verdict =
        import_clock_find(folded_copy(line, strlen(line), room), &range, &from, &length);
    if (verdict == IMPORT_CLOCK_NONE) {
        /* A lone time may belong to a title, but not one like `05 AM`. */
        verdict = import_clock_find_time(room, &seconds, &from, &length);
        if (verdict != IMPORT_CLOCK_HOUR_LOST) {
            return;
        }
    }
    scan->reading->clock = verdict;
    if (verdict == IMPORT_CLOCK_GOOD) {
        scan->reading->has_range = true;
        scan->reading->range = range;
    }
    cut_out(room, from, length);
    strcpy(line, room);
    trim(line);
}

/* `教师：示例教师01`: the bytes of the label, or 0. */
static size_t label(const char *text, enum role *role)
{
    static const struct {
        const char *word;
        enum role role;
    } words[] = {
        {"授课教师", ROLE_TEACHER}, {"主讲教师", ROLE_TEACHER}, {"执教教师", ROLE_TEACHER},
        {"主讲", ROLE_TEACHER},     {"执教", ROLE_TEACHER},     {"教师", ROLE_TEACHER},
        {"老师", ROLE_TEACHER},     {"Teacher", ROLE_TEACHER},  {"学校", ROLE_SCHOOL},
        {"单位", ROLE_SCHOOL},      {"School", ROLE_SCHOOL},    {"课题", ROLE_TITLE},
        {"内容", ROLE_TITLE},       {"Topic", ROLE_TITLE},      {"Title", ROLE_TITLE},
        {"学科", ROLE_SUBJECT},     {"科目", ROLE_SUBJECT},     {"年级", ROLE_GRADE},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = strlen(words[i].word);
        if (strncasecmp(text, words[i].word, length) != 0) {
            continue;
        }
        const size_t colon = import_text_starts(text + length, ":")    ? 1
                             : import_text_starts(text + length, "：") ? strlen("：")
                                                                       : 0;
        if (colon > 0) {
            *role = words[i].role;
            return length + colon;
        }
    }
    return 0;
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length >= size && strncmp(text + length - size, ending, size) == 0;
}

/* 王老师（示例学校A）: a teacher, and the school in brackets. */
static bool take_teacher_of_school(struct scan *scan, const char *word, size_t length)
{
    const size_t open = import_words_bracket(word, length);
    if (open == length) {
        return false;
    }
    const size_t size = word[open] == '(' ? 1 : strlen("（");
    const char *school = word + open + size;
    const size_t school_length = length - open - 2 * size;
    if (!import_words_is_school(school, school_length) ||
        (open > 0 && !import_words_is_teacher(word, open))) {
        return false;
    }
    add(scan->reading->school, school, school_length);
    if (open > 0) {
        add(scan->reading->teacher, word, open);
    }
    return true;
}

/* Takes words that are clearly a teacher or a school off the end of a line, the last one first. */
static void take_people(struct scan *scan, char *line)
{
    for (;;) {
        trim(line);
        size_t word = strlen(line);
        size_t from = word;
        while (from > 0 && separator_length(line + from - 1) == 0 &&
               (from < 3 || separator_length(line + from - 3) != 3)) {
            from--;
        }
        const size_t length = word - from;
        if (length == 0) {
            return;
        }
        if (import_words_is_addressed(line)) {
            add(scan->reading->teacher, line, word);
            from = 0;
        } else if (take_teacher_of_school(scan, line + from, length)) {
            /* both are taken */
        } else if (import_words_is_teacher(line + from, length)) {
            add(scan->reading->teacher, line + from, length);
        } else if (import_words_is_school(line + from, length)) {
            add(scan->reading->school, line + from, length);
        } else {
            return;
        }
        line[from] = '\0';
    }
}

static void take_grade(struct scan *scan, char *line)
{
    char room[IMPORT_READING_SIZE];
    const size_t at_start = import_words_grade(folded_copy(line, strlen(line), room));
    size_t from = 0;
    size_t length = at_start;
    if (scan->reading->grade[0] != '\0') {
        return;
    }
    /* At the end as well: `Science P.7`, `语文（一年级）`. */
    for (size_t i = strlen(room); length == 0 && i-- > 1;) {
        const bool is_apart = room[i - 1] == ' ' || room[i - 1] == '(';
        const size_t found = is_apart ? import_words_grade(room + i) : 0;
        const char after = found > 0 ? room[i + found] : 'x';
        if (found > 0 && (after == '\0' || after == ')')) {
            from = i - (room[i - 1] == '(');
            length = found + (i - from) + (after == ')');
        }
    }
    if (length == 0) {
        return;
    }
    const size_t bracket = room[from] == '(';
    char *name = import_words_grade_name(room + from + bracket,
                                         length - bracket - (room[from + length - 1] == ')'));
    if (name != NULL) {
        set(scan->reading->grade, name, strlen(name));
        free(name);
        cut_out(room, from, length);
        strcpy(line, room);
        trim(line);
    }
}

static bool take_subject(struct scan *scan, char *line)
{
    const size_t length = import_words_subject(line, scan->request->subjects);
    if (length == 0 || scan->reading->subject[0] != '\0') {
        return false;
    }
    /* 数学家的故事 is a title; 数学：…, 数学《…》, 数学(1), 数学 are not. */
    const char *after = line + length;
    const bool is_word = *after == '\0' || separator_length(after) > 0 || *after == '(' ||
                         *after == '-' || import_text_starts(after, "（") ||
                         import_text_starts(after, "《") || import_text_starts(after, "—") ||
                         import_text_starts(after, "“");
    if (!is_word) {
        return false;
    }
    set(scan->reading->subject, line, length);
    cut_out(line, 0, length);
    trim(line);
    while (*line == '-' || import_text_starts(line, "—")) {
        cut_out(line, 0, *line == '-' ? 1 : strlen("—"));
        trim(line);
    }
    return true;
}

/* 《春夏秋冬》 alone is its name; as a part of a title it stays. */
static void unwrap(struct scan *scan, char *line)
{
    static const char *const marks[][2] = {{"《", "》"}, {"“", "”"}, {"\"", "\""}};
    for (size_t i = 0; i < 3; i++) {
        const size_t open = strlen(marks[i][0]);
        const size_t close = strlen(marks[i][1]);
        const size_t length = strlen(line);
        if (length <= open + close || !import_text_starts(line, marks[i][0]) ||
            !ends_with(line, length, marks[i][1])) {
            continue;
        }
        line[length - close] = '\0';
        if (strstr(line + open, marks[i][1]) != NULL) {
            strcat(line, marks[i][1]);
            continue;
        }
        cut_out(line, 0, open);
        scan->is_named_title = true;
        return;
    }
}

static void add_piece(struct scan *scan, const char *line)
{
    if (scan->piece_count < PIECES_MOST) {
        strcpy(scan->pieces[scan->piece_count++], line);
    }
    scan->piece_total++;
}

/* 教师：示例教师01 示例学校A: the name, and who else is clearly there. */
static void take_named(struct scan *scan, enum role role, char *line)
{
    trim(line);
    const char *space = strrchr(line, ' ');
    if (role == ROLE_TEACHER && space != NULL &&
        import_words_is_school(space + 1, strlen(space + 1))) {
        add(scan->reading->school, space + 1, strlen(space + 1));
        line[space - line] = '\0';
        trim(line);
    }
    add(text_of(scan->reading, role), line, strlen(line));
    line[0] = '\0';
}

/* A label within a line begins one: 教师：示例教师01 学校：示例学校A. */
static void break_at_labels(char *text)
{
    for (char *at = text; *at != '\0'; at++) {
        enum role role = ROLE_TITLE;
        if (*at == ' ' && label(at + 1, &role) > 0) {
            *at = '\n';
        }
    }
}

static void read_line(struct scan *scan, char *line)
{
    enum role role = ROLE_TITLE;
    take_markers(scan, line);
    take_range(scan, line);
    const size_t said = label(line, &role);
    if (said > 0) {
        cut_out(line, 0, said);
        if (role == ROLE_TEACHER || role == ROLE_SCHOOL) {
            take_named(scan, role, line);
        } else {
            trim(line);
            set(text_of(scan->reading, role), line, strlen(line));
            scan->is_named_title = scan->is_named_title || role == ROLE_TITLE;
            line[0] = '\0';
        }
    }
    take_grade(scan, line);
    if (take_subject(scan, line)) {
        take_grade(scan, line);
    }
    take_people(scan, line);
    if (line[0] != '\0') {
        unwrap(scan, line);
        add_piece(scan, line);
    }
}

static bool role_named(const char *word, size_t length, enum role *role)
{
    static const char *const names[ROLE_COUNT][3] = {
        [ROLE_SUBJECT] = {"subject", "学科", "科目"}, [ROLE_TITLE] = {"title", "课题", "内容"},
        [ROLE_TEACHER] = {"teacher", "教师", "老师"}, [ROLE_SCHOOL] = {"school", "学校", "单位"},
        [ROLE_GRADE] = {"grade", "年级", "班级"},
    };
    for (int i = 0; i < ROLE_COUNT; i++) {
        for (int k = 0; k < 3; k++) {
            if (strlen(names[i][k]) == length && strncmp(word, names[i][k], length) == 0) {
                *role = (enum role)i;
                return true;
            }
        }
    }
    return false;
}

static size_t read_roles(const char *lines, enum role roles[ROLES_MOST])
{
    size_t count = 0;
    for (const char *at = lines; *at != '\0' && count < ROLES_MOST;) {
        size_t length = strcspn(at, ",");
        const char *wide = strstr(at, "，");
        const bool is_wide = wide != NULL && (size_t)(wide - at) < length;
        length = is_wide ? (size_t)(wide - at) : length;
        if (!role_named(at, length, &roles[count])) {
            return 0;
        }
        count++;
        at += length;
        at += *at == '\0' ? 0 : is_wide ? strlen("，") : 1;
    }
    return count;
}

bool import_cell_lines_are_good(const char *lines)
{
    enum role roles[ROLES_MOST];
    return read_roles(lines, roles) > 0;
}

/* What remains: one piece is the title, more are a doubt. */
static void settle(struct scan *scan)
{
    struct import_reading *reading = scan->reading;
    if (scan->piece_count > 0 && reading->title[0] == '\0') {
        strcpy(reading->title, scan->pieces[0]);
    }
    const size_t titles = scan->is_named_title && scan->piece_count == 0 ? 0 : 1;
    if (scan->piece_total > titles) {
        reading->doubts |= IMPORT_DOUBT_LINES;
        if (reading->teacher[0] == '\0' && scan->piece_count > titles) {
            strcpy(reading->teacher, scan->pieces[titles]);
        }
    } else if (reading->subject[0] == '\0') {
        reading->doubts |= IMPORT_DOUBT_SUBJECT;
    } else if (reading->title[0] == '\0') {
        reading->doubts |= IMPORT_DOUBT_TITLE;
    }
}

void import_cell_read(const char *text, const struct import_request *request,
                      struct import_reading *reading)
{
    enum role roles[ROLES_MOST];
    const size_t role_count = request->lines != NULL ? read_roles(request->lines, roles) : 0;
    struct scan scan = {.request = request, .reading = reading};
    char broken[IMPORT_READING_SIZE];
    size_t number = 0;
    memset(reading, 0, sizeof(*reading));
    assert(strlen(text) < IMPORT_READING_SIZE);
    strcpy(broken, text);
    break_at_labels(broken);
    for (const char *at = broken; *at != '\0'; number++) {
        char line[IMPORT_READING_SIZE];
        const size_t length = strcspn(at, "\n");
        set(line, at, length);
        at += length + (at[length] == '\n');
        if (number < role_count) {
            take_markers(&scan, line);
            add(text_of(reading, roles[number]), line, strlen(line));
        } else {
            read_line(&scan, line);
        }
    }
    settle(&scan);
}

/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_cell.h"

#include "scheduler/import/import_lines.h"
#include "scheduler/import/import_marks.h"
#include "scheduler/import/import_text.h"
#include "scheduler/import/import_words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES_MOST = 8 };

struct scan {
    const struct import_request *request;
    struct import_reading *reading;
    struct import_lines said;                      /* by --lines */
    size_t number;                                 /* of the line that is read */
    char pieces[PIECES_MOST][IMPORT_READING_SIZE]; /* that may be titles */
    size_t piece_lines[PIECES_MOST];               /* which of the reading's lines each is */
    size_t piece_count;
    size_t piece_total;
    bool is_open_title;      /* a piece, of which the end may be a name */
    bool is_said_title;      /* by 《》, a label, or --lines */
    bool is_unknown_subject; /* said to be one by --lines */
    bool is_crossed;         /* a teacher stands where --lines says that the title does */
};

static char *text_of(struct import_reading *reading, enum import_role role)
{
    char *const texts[IMPORT_ROLE_COUNT] = {[IMPORT_ROLE_SUBJECT] = reading->subject,
                                            [IMPORT_ROLE_TITLE] = reading->title,
                                            [IMPORT_ROLE_TEACHER] = reading->teacher,
                                            [IMPORT_ROLE_SCHOOL] = reading->school,
                                            [IMPORT_ROLE_GRADE] = reading->grade};
    assert(role != IMPORT_ROLE_OPEN);
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
    if (length == 0) {
        return;
    }
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

static void cut_out(char *text, size_t from, size_t length)
{
    memmove(text + from, text + from + length, strlen(text + from + length) + 1);
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

/* 《姓氏歌》 王芳: leaves the title alone. */
static bool take_name_behind(struct scan *scan, char *line)
{
    struct import_name name;
    if (!import_marks_name_behind(line, &name)) {
        return false;
    }
    add(scan->reading->teacher, line + name.from, name.length);
    line[name.from] = '\0';
    import_text_trim(line);
    return true;
}

/* Takes words that are clearly a teacher or a school off the end of a line, the last one first. */
static void take_people(struct scan *scan, char *line)
{
    (void)import_marks_open(line);
    for (;;) {
        import_text_trim(line);
        size_t word = strlen(line);
        size_t from = word;
        while (from > 0 && import_text_separator(line + from - 1) == 0 &&
               (from < 3 || import_text_separator(line + from - 3) != 3)) {
            from--;
        }
        const size_t length = word - from;
        if (length == 0) {
            return;
        }
        if (take_name_behind(scan, line)) {
            continue;
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

/* The people behind a title in its marks; without them they may be a part of it. */
static void take_behind(struct scan *scan, char *line)
{
    if (import_text_starts(line, "《")) {
        take_people(scan, line);
    }
}

/* 四年, a word that was to be a grade: the check tells of it. */
static void take_misspelt_grade(struct scan *scan, char *line)
{
    char word[IMPORT_READING_SIZE];
    set(word, line, strcspn(line, " "));
    if (import_words_suggest_grade(word) != NULL) {
        strcpy(scan->reading->grade, word);
        cut_out(line, 0, strlen(word));
        import_text_trim(line);
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
        take_misspelt_grade(scan, line);
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
        import_text_trim(line);
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
    const bool is_word = *after == '\0' || import_text_separator(after) > 0 || *after == '(' ||
                         *after == '-' || import_text_starts(after, "（") ||
                         import_text_starts(after, "《") || import_text_starts(after, "—") ||
                         import_text_starts(after, "“");
    if (!is_word) {
        return false;
    }
    set(scan->reading->subject, line, length);
    cut_out(line, 0, length);
    import_text_trim(line);
    while (*line == '-' || import_text_starts(line, "—")) {
        cut_out(line, 0, *line == '-' ? 1 : strlen("—"));
        import_text_trim(line);
    }
    return true;
}

static void add_piece(struct scan *scan, const char *line)
{
    if (scan->piece_count < PIECES_MOST) {
        const size_t lines = scan->reading->lines.count;
        scan->piece_lines[scan->piece_count] = lines > 0 ? lines - 1 : 0;
        strcpy(scan->pieces[scan->piece_count++], line);
    }
    scan->piece_total++;
}

/* A piece that turned out to be something else than a title. */
static void take_piece(struct scan *scan, size_t number, enum import_role role)
{
    const char *piece = scan->pieces[number];
    if (role != IMPORT_ROLE_OPEN) {
        add(text_of(scan->reading, role), piece, strlen(piece));
    }
    scan->reading->lines.roles[scan->piece_lines[number]] = role;
    scan->piece_count--;
    scan->piece_total--;
    for (size_t i = number; i < scan->piece_count; i++) {
        strcpy(scan->pieces[i], scan->pieces[i + 1]);
        scan->piece_lines[i] = scan->piece_lines[i + 1];
    }
}

/* 教师：示例教师01 示例学校A: the name, and who else is clearly there. */
static void take_named(struct scan *scan, enum import_role role, char *line)
{
    import_text_trim(line);
    const char *space = strrchr(line, ' ');
    if (role == IMPORT_ROLE_TEACHER && space != NULL &&
        import_words_is_school(space + 1, strlen(space + 1))) {
        add(scan->reading->school, space + 1, strlen(space + 1));
        line[space - line] = '\0';
        import_text_trim(line);
    }
    add(text_of(scan->reading, role), line, strlen(line));
    line[0] = '\0';
}

static void take_labelled(struct scan *scan, enum import_role role, char *line)
{
    import_lines_add(&scan->reading->lines, role);
    if (role == IMPORT_ROLE_TEACHER || role == IMPORT_ROLE_SCHOOL) {
        take_named(scan, role, line);
    } else {
        import_text_trim(line);
        if (role == IMPORT_ROLE_TITLE) {
            scan->is_said_title = true;
            take_behind(scan, line);
            (void)import_marks_unwrap(line);
        }
        set(text_of(scan->reading, role), line, strlen(line));
    }
}

/* What a line was, after it: a subject, and whatever stands behind it, are as two lines. */
static void note_line(struct scan *scan, const struct import_reading *was, bool is_piece)
{
    struct import_reading *reading = scan->reading;
    struct import_lines *lines = &reading->lines;
    const bool has_subject = strcmp(reading->subject, was->subject) != 0;
    const bool has_grade = strcmp(reading->grade, was->grade) != 0;
    const bool has_title = strcmp(reading->title, was->title) != 0;
    const bool has_teacher = strcmp(reading->teacher, was->teacher) != 0;
    const bool has_school = strcmp(reading->school, was->school) != 0;
    const int parts = has_title + has_teacher + has_school + is_piece;
    if (has_subject) {
        import_lines_add(lines, IMPORT_ROLE_SUBJECT);
    } else if (has_grade) {
        import_lines_add(lines, IMPORT_ROLE_GRADE);
        lines->is_mixed = lines->is_mixed || parts > 0;
    }
    if (parts > 0) {
        import_lines_add(lines, has_title     ? IMPORT_ROLE_TITLE
                                : has_teacher ? IMPORT_ROLE_TEACHER
                                : has_school  ? IMPORT_ROLE_SCHOOL
                                              : IMPORT_ROLE_OPEN);
        lines->is_mixed = lines->is_mixed || parts > 1;
    }
}

/* How much of a line's start is teachers: not all of it, and 王老师 的 begins a title. */
static size_t teachers_before(const char *line)
{
    size_t before = 0;
    for (;;) {
        const size_t length = strcspn(line + before, " ");
        const char *after = line + before + length;
        const size_t space = strspn(after, " ");
        if (space == 0 || import_text_starts(after + space, "的") ||
            !import_words_is_teacher(line + before, length)) {
            return before;
        }
        before += length + space;
    }
}

static void take_teachers_before(struct scan *scan, char *line)
{
    const size_t before = teachers_before(line);
    for (size_t from = 0; from < before;) {
        const size_t length = strcspn(line + from, " ");
        add(scan->reading->teacher, line + from, length);
        from += length + strspn(line + from + length, " ");
    }
    cut_out(line, 0, before);
}

/*
 * A line whose parts are known by their words.  Teachers stand before the title, 王老师 语文 冬,
 * only beside a subject or a grade: in a line of its own the title may begin with one.
 */
static void read_words(struct scan *scan, char *line)
{
    const struct import_reading was = *scan->reading;
    take_grade(scan, line);
    const bool has_grade = strcmp(scan->reading->grade, was.grade) != 0;
    char *rest = line + teachers_before(line);
    const bool has_subject = take_subject(scan, rest);
    if (has_subject) {
        take_grade(scan, rest);
    }
    if (has_subject || has_grade) {
        take_teachers_before(scan, line);
    }
    take_people(scan, line);
    if (import_marks_unwrap(line) && scan->reading->title[0] == '\0') {
        scan->is_said_title = true;
        set(scan->reading->title, line, strlen(line));
        line[0] = '\0';
    }
    note_line(scan, &was, line[0] != '\0');
    if (line[0] != '\0') {
        add_piece(scan, line);
    }
}

/* The next of the order that is not known yet: a teacher may have stood at the line's end. */
static size_t next_said(const struct scan *scan)
{
    size_t next = scan->number + 1;
    while (next < scan->said.count && text_of(scan->reading, scan->said.roles[next])[0] != '\0') {
        next++;
    }
    return next;
}

/* A line that --lines tells of; what stands behind the subject on its line is the next one. */
static void read_said(struct scan *scan, char *line)
{
    const enum import_role role = scan->said.roles[scan->number];
    import_lines_add(&scan->reading->lines, role);
    if (role == IMPORT_ROLE_GRADE || role == IMPORT_ROLE_SUBJECT) {
        take_grade(scan, line);
    }
    if (role == IMPORT_ROLE_TITLE) {
        scan->is_said_title = scan->is_said_title || line[0] != '\0';
        take_behind(scan, line);
        scan->is_open_title = !import_marks_unwrap(line);
        scan->is_crossed = scan->is_crossed || import_words_is_teacher(line, strlen(line));
    }
    const bool is_known = role == IMPORT_ROLE_SUBJECT && take_subject(scan, line);
    if (!is_known) {
        add(text_of(scan->reading, role), line, strlen(line));
        scan->is_unknown_subject = scan->is_unknown_subject || role == IMPORT_ROLE_SUBJECT;
        return;
    }
    take_grade(scan, line);
    take_people(scan, line);
    const char *numeral = NULL;
    scan->is_crossed = scan->is_crossed || import_words_bracketed_grade(line, &numeral) > 0;
    const size_t next = next_said(scan);
    scan->number = line[0] != '\0' ? next : scan->number;
    if (line[0] != '\0' && next < scan->said.count) {
        read_said(scan, line);
    } else if (line[0] != '\0') {
        read_words(scan, line);
    }
}

static void read_line(struct scan *scan, char *line)
{
    enum import_role role = IMPORT_ROLE_OPEN;
    import_text_trim(line);
    const bool was_empty = line[0] == '\0';
    import_marks_take(scan->reading, line);
    import_marks_take_range(scan->reading, line);
    if (line[0] == '\0' && !was_empty) {
        return; /* a mark or a time alone is no line of the cell's order */
    }
    const size_t label = import_lines_label(line, &role);
    if (label > 0) {
        cut_out(line, 0, label);
        take_labelled(scan, role, line);
    } else if (scan->number < scan->said.count) {
        read_said(scan, line);
    } else if (!was_empty) {
        read_words(scan, line);
    }
    scan->number++;
}

static bool is_person(const char *text)
{
    return import_words_is_person(text, strlen(text));
}

/* 烘焙 beside 《饼干》: the one piece that is no name, and not too long for a subject. */
static bool is_alone(const struct scan *scan)
{
    enum { SUBJECT_BYTES_MOST = 18 };
    return scan->is_said_title && scan->piece_total == 1 &&
           strlen(scan->pieces[0]) <= SUBJECT_BYTES_MOST && !is_person(scan->pieces[0]);
}

/* Mathmatics or KT-09, above a title: no subject, but where one should be. */
static bool is_in_place_of_subject(const struct scan *scan)
{
    const bool has_title = scan->reading->title[0] != '\0' || scan->piece_total > 1;
    return scan->reading->subject[0] == '\0' && scan->piece_count > 0 && has_title &&
           (import_words_suggest(scan->pieces[0]) != NULL ||
            import_words_is_house_number(scan->pieces[0]) || is_alone(scan));
}

/* Where the title is said, the names that are left are the teachers'. */
static void take_names(struct scan *scan)
{
    for (size_t i = 0; i < scan->piece_count;) {
        if (is_person(scan->pieces[i])) {
            take_piece(scan, i, IMPORT_ROLE_TEACHER);
        } else {
            i++;
        }
    }
}

/* 李强 for a title: a line is missing, or the teacher's stands first. */
static bool is_person_for_title(const struct import_reading *reading)
{
    const char *teacher = reading->teacher;
    const bool has_teacher =
        is_person(teacher) || import_words_is_teacher(teacher, strlen(teacher));
    return reading->subject[0] != '\0' && is_person(reading->title) && !has_teacher;
}

/*
 * 测量 李强 may end with the teacher; 语文/英语 are two subjects, or a subject
 * and its title, as 体育/武术 surely are.
 */
static void doubt_title(struct scan *scan)
{
    struct import_reading *reading = scan->reading;
    struct import_name name;
    const size_t subject = import_words_subject(reading->title, scan->request->subjects);
    if (!scan->is_open_title) {
        return;
    }
    if ((reading->teacher[0] == '\0' && import_marks_name(reading->title, &name)) ||
        ((reading->doubts & (IMPORT_DOUBT_LINES | IMPORT_DOUBT_SUBJECT)) == 0 &&
         is_person_for_title(reading))) {
        reading->doubts |= IMPORT_DOUBT_NAME;
    }
    if (reading->subject[0] != '\0' && subject > 0 && reading->title[subject] == '\0' &&
        !import_words_is_activity(reading->title)) {
        reading->doubts |= IMPORT_DOUBT_TWO_SUBJECTS;
    }
}

/* KT-1-1 beside 重播 says what is repeated. */
static void take_repeated(struct scan *scan)
{
    for (size_t i = 0; i < scan->piece_count; i++) {
        if (scan->reading->is_repeat && import_words_is_house_number(scan->pieces[i])) {
            strcpy(scan->reading->repeats, scan->pieces[i]);
            take_piece(scan, i, IMPORT_ROLE_OPEN);
            return;
        }
    }
}

/* What remains: one piece is the title, more are a doubt. */
static void settle(struct scan *scan)
{
    struct import_reading *reading = scan->reading;
    take_repeated(scan);
    if (scan->is_said_title && reading->teacher[0] == '\0') {
        take_names(scan);
    }
    if (is_in_place_of_subject(scan)) {
        take_piece(scan, 0, IMPORT_ROLE_SUBJECT);
        scan->is_unknown_subject = true;
    }
    size_t first = 0;
    size_t pieces = scan->piece_total;
    const bool has_title = reading->title[0] != '\0';
    if (!has_title && pieces > 0) {
        strcpy(reading->title, scan->pieces[first++]);
        scan->is_open_title = true;
        pieces--;
    } else if (!has_title && scan->is_unknown_subject) {
        strcpy(reading->title, reading->subject);
        reading->subject[0] = '\0';
    }
    reading->lines.is_mixed = reading->lines.is_mixed || scan->is_crossed;
    if (pieces > 0 || scan->is_crossed) {
        const char *numeral = NULL;
        reading->doubts |= IMPORT_DOUBT_LINES;
        reading->lines.is_mixed =
            reading->lines.is_mixed || import_words_bracketed_grade(reading->title, &numeral) > 0;
        if (reading->teacher[0] == '\0' && first < scan->piece_count) {
            strcpy(reading->teacher, scan->pieces[first]);
        }
    }
    if (scan->is_unknown_subject || (pieces == 0 && reading->subject[0] == '\0')) {
        reading->doubts |= IMPORT_DOUBT_SUBJECT;
    } else if (pieces == 0 && reading->title[0] == '\0') {
        reading->doubts |= IMPORT_DOUBT_TITLE;
    }
    doubt_title(scan);
}

void import_cell_read(const char *text, const struct import_request *request,
                      struct import_reading *reading)
{
    struct scan scan = {.request = request, .reading = reading};
    char broken[IMPORT_READING_SIZE];
    memset(reading, 0, sizeof(*reading));
    assert(strlen(text) < IMPORT_READING_SIZE);
    if (request->lines != NULL) {
        (void)import_lines_read(request->lines, &scan.said);
    }
    strcpy(broken, text);
    import_lines_break(broken, request->subjects);
    for (const char *at = broken; *at != '\0';) {
        char line[IMPORT_READING_SIZE];
        const size_t length = strcspn(at, "\n");
        set(line, at, length);
        at += length + (at[length] == '\n');
        read_line(&scan, line);
    }
    settle(&scan);
}

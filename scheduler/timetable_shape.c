/* SPDX-License-Identifier: MIT */
/* timetable_shape: what a timetable's file may hold, key by key. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

const struct shape_word rest_words[] = {{"filler", "垫播", REST_FILLER},
                                        {"whole", "整遍", REST_WHOLE},
                                        {"loop", "循环", REST_LOOP},
                                        {"countdown", "倒计时", REST_COUNTDOWN},
                                        {0}};

const struct shape_word overrun_words[] = {{"cut", "切断", OVERRUN_CUT},
                                           {"trim", "裁切", OVERRUN_TRIM},
                                           {"ripple", "顺延", OVERRUN_RIPPLE},
                                           {0}};

static const char *word_of(const struct shape_word *words, int value)
{
    while (words->english != NULL && words->value != value) {
        words++;
    }
    return words->english;
}

const char *timetable_rest_name(enum rest_rule rest)
{
    return word_of(rest_words, rest);
}

const char *timetable_overrun_name(enum overrun_rule overrun)
{
    return word_of(overrun_words, overrun);
}

const struct shape_word condition_words[] = {{"school", "教学日", ON_SCHOOL},
                                             {"holiday", "假日", ON_HOLIDAY},
                                             {"always", "每日", ON_ALWAYS},
                                             {0}};

const struct shape_word repeat_words[] = {{"same_day", "当日", REPEAT_SAME_DAY},
                                          {"previous_day", "前一日", REPEAT_PREVIOUS_DAY},
                                          {"last_day", "最近", REPEAT_LAST_DAY},
                                          {"week", "本周", REPEAT_WEEK},
                                          {0}};

const struct shape_word access_words[] = {{"false", NULL, ACCESS_NONE},
                                          {"true", NULL, ACCESS_ALWAYS},
                                          {"repeat", "重播", ACCESS_REPEAT},
                                          {0}};

/* What media is fitted by: in a file, a period, a repeat rule. */
#define FIT_KEYS                                                                                   \
    {.name = "rest",                                                                               \
     .type = SHAPE_WORD,                                                                           \
     .words = rest_words,                                                                          \
     .doc = N_("what airs in the time that a lesson leaves")},                                     \
        {.name = "overrun",                                                                        \
         .type = SHAPE_WORD,                                                                       \
         .words = overrun_words,                                                                   \
         .doc = N_("what becomes of a lesson that is too long")},                                  \
        {.name = "ripple_most",                                                                    \
         .type = SHAPE_LENGTH,                                                                     \
         .doc = N_("how far a lesson may go beyond its end")},                                     \
    {                                                                                              \
        .name = "topic", .type = SHAPE_TEXT, .doc = N_("which fillers air")                        \
    }

static const struct shape_key lesson_keys[] = {
    {.name = "house_number",
     .type = SHAPE_TEXT,
     .is_needed = true,
     .doc = N_("joins timetable and media")},
    {.name = "title", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("on air and in the EPG")},
    {.name = "grade", .type = SHAPE_TEXT, .doc = N_("the grade")},
    {.name = "subject", .type = SHAPE_TEXT, .doc = N_("the subject")},
    {.name = "teacher", .type = SHAPE_TEXT, .doc = N_("the presenter's credit")},
    {.name = "school", .type = SHAPE_TEXT, .doc = N_("the presenter's school")},
    {.name = "edition", .type = SHAPE_TEXT, .doc = N_("of the textbook")},
    {.name = "genre", .type = SHAPE_TEXT, .doc = N_("a genre of the EPG")},
    {.name = "media", .type = SHAPE_LENGTH, .doc = N_("the planned length of the media")},
    {.name = "media_most", .type = SHAPE_LENGTH, .doc = N_("how long the media may become")},
    {.name = "live", .type = SHAPE_TEXT, .doc = N_("the live source of the first run")},
    {.name = "substitute",
     .type = SHAPE_TEXT,
     .doc = N_("the house number that airs when the media cannot")},
    {.name = "after",
     .type = SHAPE_TEXT,
     .doc = N_("the house number of the lesson before it in the unit")},
    {.name = "subtitles",
     .type = SHAPE_WORD,
     .words = access_words,
     .doc = N_("whether it has subtitles")},
    {.name = "signed",
     .type = SHAPE_WORD,
     .words = access_words,
     .doc = N_("whether it has sign language")},
    {.name = "shared",
     .type = SHAPE_SWITCH,
     .doc = N_("media of several periods, without first run and repeats")},
    {0},
};

static const struct shape lesson_shape = {"lesson", lesson_keys};

static const struct shape_key period_keys[] = {
    {.name = "name", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("as in the rows of grids")},
    {.name = "start", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when it begins")},
    {.name = "end", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when it ends")},
    {.name = "media", .type = SHAPE_LENGTH, .doc = N_("the planned length of the media")},
    {.name = "fixed", .type = SHAPE_SWITCH, .doc = N_("its start never moves")},
    {.name = "repeats", .type = SHAPE_SWITCH, .doc = N_("whether its lessons are repeated")},
    FIT_KEYS,
    {0},
};

static const struct shape period_shape = {"period", period_keys};

static const struct shape_key week_keys[] = {
    {.name = "week", .type = SHAPE_WEEKS, .is_needed = true, .doc = N_("the weeks of the term")},
    {.name = "days",
     .type = SHAPE_DAY,
     .form = SHAPE_LIST,
     .doc = N_("the columns of the grid; those of the timetable when nothing is said")},
    {.name = "grid",
     .type = SHAPE_TEXT,
     .form = SHAPE_ROWS,
     .is_needed = true,
     .doc = N_("a row for each period, a cell for each day")},
    {0},
};

static const struct shape week_shape = {"week", week_keys};

#define SPAN_KEYS                                                                                  \
    {.name = "name", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("on air and in the EPG")},   \
        {.name = "start", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when it begins")},    \
        {.name = "end", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when it ends")},        \
        {.name = "days",                                                                           \
         .type = SHAPE_DAY,                                                                        \
         .form = SHAPE_LIST,                                                                       \
         .doc = N_("on which days; those of the grid when nothing is said")},                      \
    {                                                                                              \
        .name = "when", .type = SHAPE_WORD, .words = condition_words,                              \
        .doc = N_("on school days, holidays, or always")                                           \
    }

static const struct shape_key break_keys[] = {
    SPAN_KEYS,
    {.name = "house_number", .type = SHAPE_TEXT, .doc = N_("shared media, or the fillers")},
    FIT_KEYS,
    {0},
};

static const struct shape break_shape = {"break", break_keys};

static const struct shape_key relay_keys[] = {
    SPAN_KEYS,
    {.name = "source", .type = SHAPE_TEXT, .doc = N_("the live source")},
    {.name = "house_number", .type = SHAPE_TEXT, .doc = N_("what airs without the source")},
    {.name = "topic", .type = SHAPE_TEXT, .doc = N_("which fillers air")},
    {0},
};

static const struct shape relay_shape = {"relay", relay_keys};

static const struct shape_key rotation_keys[] = {
    SPAN_KEYS,
    {.name = "list",
     .type = SHAPE_TEXT,
     .form = SHAPE_LIST,
     .is_needed = true,
     .doc = N_("house numbers that air one after the other, over and over")},
    {.name = "topic", .type = SHAPE_TEXT, .doc = N_("which fillers air")},
    {0},
};

static const struct shape rotation_shape = {"rotation", rotation_keys};

static const struct shape_key repeat_keys[] = {
    {.name = "name", .type = SHAPE_TEXT, .doc = N_("a name for people")},
    {.name = "of",
     .type = SHAPE_OTHER,
     .doc = N_("whose lessons: same_day, previous_day, last_day, week, or a list of days")},
    {.name = "days",
     .type = SHAPE_DAY,
     .form = SHAPE_LIST,
     .doc = N_("on which days; all when nothing is said")},
    {.name = "when",
     .type = SHAPE_WORD,
     .words = condition_words,
     .doc = N_("on school days, holidays, or always")},
    {.name = "from", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when they begin")},
    {.name = "until", .type = SHAPE_CLOCK, .is_needed = true, .doc = N_("when they end")},
    {.name = "pitch", .type = SHAPE_LENGTH, .doc = N_("from start to start")},
    {.name = "periods",
     .type = SHAPE_TEXT,
     .form = SHAPE_LIST,
     .doc = N_("which periods' lessons; all when nothing is said")},
    {.name = "loop", .type = SHAPE_SWITCH, .doc = N_("over and over")},
    FIT_KEYS,
    {0},
};

static const struct shape repeat_shape = {"repeat", repeat_keys};

static const struct shape_key card_keys[] = {
    {.name = "house_number", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("the card")},
    {.name = "length", .type = SHAPE_LENGTH, .doc = N_("how long it airs")},
    {0},
};

static const struct shape card_shape = {"card", card_keys};

static const struct shape_key presentation_keys[] = {
    {.name = "opening",
     .type = SHAPE_OBJECT,
     .object = &card_shape,
     .doc = N_("before the first slot of a day")},
    {.name = "closing",
     .type = SHAPE_OBJECT,
     .object = &card_shape,
     .doc = N_("after the last slot of a day")},
    {.name = "next",
     .type = SHAPE_OBJECT,
     .object = &card_shape,
     .doc = N_("the card of the next lesson")},
    {.name = "countdown",
     .type = SHAPE_OBJECT,
     .object = &card_shape,
     .doc = N_("in rests that are counted down")},
    {0},
};

static const struct shape presentation_shape = {"presentation", presentation_keys};

static const struct shape_key swap_keys[] = {
    {.name = "date", .type = SHAPE_DATE, .is_needed = true, .doc = N_("the other date")},
    {.name = "period", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("the other period")},
    {0},
};

static const struct shape swap_shape = {"swap", swap_keys};

static const struct shape_key change_keys[] = {
    {.name = "date", .type = SHAPE_DATE, .is_needed = true, .doc = N_("the date")},
    {.name = "reason", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("why")},
    {.name = "period", .type = SHAPE_TEXT, .doc = N_("the period")},
    {.name = "start", .type = SHAPE_CLOCK, .doc = N_("when it begins, instead of a period")},
    {.name = "end", .type = SHAPE_CLOCK, .doc = N_("when it ends")},
    {.name = "name", .type = SHAPE_TEXT, .doc = N_("a name for people")},
    {.name = "house_number",
     .type = SHAPE_TEXT,
     .may_be_null = true,
     .doc = N_("the lesson; ~ for none")},
    {.name = "swap",
     .type = SHAPE_OBJECT,
     .object = &swap_shape,
     .doc = N_("with which other lesson it changes places")},
    {0},
};

static const struct shape change_shape = {"change", change_keys};

static const struct shape_key limits_keys[] = {
    {.name = "lessons",
     .type = SHAPE_NUMBER,
     .least = 1,
     .most = 30,
     .doc = N_("lessons of a grade in a day")},
    {.name = "lesson", .type = SHAPE_LENGTH, .doc = N_("the length of a lesson")},
    {.name = "minutes", .type = SHAPE_LENGTH, .doc = N_("all lessons of a grade in a day")},
    {.name = "gap", .type = SHAPE_LENGTH, .doc = N_("between lessons of a grade, at least")},
    {0},
};

static const struct shape limits_shape = {"limits", limits_keys};

/* What an addition may hold, too. */
#define SHARED_KEYS                                                                                \
    {.name = "format",                                                                             \
     .type = SHAPE_NUMBER,                                                                         \
     .is_needed = true,                                                                            \
     .least = 1,                                                                                   \
     .most = 1,                                                                                    \
     .doc = N_("the version of this language: 1")},                                                \
        {.name = "channel",                                                                        \
         .type = SHAPE_TEXT,                                                                       \
         .is_needed = true,                                                                        \
         .doc = N_("a service of the station file")},                                              \
        {.name = "title", .type = SHAPE_TEXT, .doc = N_("a name for people")},                     \
        {.name = "lessons",                                                                        \
         .type = SHAPE_OBJECT,                                                                     \
         .form = SHAPE_LIST,                                                                       \
         .object = &lesson_shape,                                                                  \
         .doc = N_("the lessons")},                                                                \
        {.name = "weeks",                                                                          \
         .type = SHAPE_OBJECT,                                                                     \
         .form = SHAPE_LIST,                                                                       \
         .object = &week_shape,                                                                    \
         .doc = N_("what is different in some weeks")},                                            \
        {.name = "dates",                                                                          \
         .type = SHAPE_OBJECT,                                                                     \
         .form = SHAPE_LIST,                                                                       \
         .object = &date_rule_shape,                                                               \
         .doc = N_("what is different on some dates, over the calendar")},                         \
        {.name = "changes",                                                                        \
         .type = SHAPE_OBJECT,                                                                     \
         .form = SHAPE_LIST,                                                                       \
         .object = &change_shape,                                                                  \
         .doc = N_("one-off changes")},                                                            \
    {                                                                                              \
        .name = "accept", .type = SHAPE_TEXT, .form = SHAPE_MAP,                                   \
        .doc = N_("warnings that are switched off, each with its reason")                          \
    }

static const struct shape_key addition_keys[] = {SHARED_KEYS, {0}};

const struct shape addition_shape = {"Ketang addition to a timetable 课程表补充", addition_keys};

static const struct shape_key timetable_keys[] = {
    SHARED_KEYS,
    {.name = "calendar", .type = SHAPE_TEXT, .doc = N_("NAME of calendars/NAME.yaml")},
    {.name = "grade", .type = SHAPE_TEXT, .doc = N_("of lessons that name none")},
    {.name = "district", .type = SHAPE_TEXT, .doc = N_("whose pupils watch it")},
    {.name = "periods",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .is_needed = true,
     .object = &period_shape,
     .doc = N_("the numbered slots of the school day")},
    {.name = "days",
     .type = SHAPE_DAY,
     .form = SHAPE_LIST,
     .is_needed = true,
     .doc = N_("the columns of the grid")},
    {.name = "grid",
     .type = SHAPE_TEXT,
     .form = SHAPE_ROWS,
     .doc = N_("a row for each period, a cell for each day")},
    {.name = "breaks",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .object = &break_shape,
     .doc = N_("breaks, shared media, previews")},
    {.name = "relays",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .object = &relay_shape,
     .doc = N_("what is taken from elsewhere at a fixed time")},
    {.name = "rotations",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .object = &rotation_shape,
     .doc = N_("lists that air over and over")},
    {.name = "repeats",
     .type = SHAPE_OBJECT,
     .form = SHAPE_ONE_OR_LIST,
     .object = &repeat_shape,
     .doc = N_("when lessons are repeated")},
    {.name = "fillers",
     .type = SHAPE_OTHER,
     .doc = N_("what airs in between: a list, or a list for each topic")},
    {.name = "presentation",
     .type = SHAPE_OBJECT,
     .object = &presentation_shape,
     .doc = N_("opening, closing, cards")},
    {.name = "limits",
     .type = SHAPE_OBJECT,
     .object = &limits_shape,
     .doc = N_("what is too much for a grade in a day")},
    FIT_KEYS,
    {0},
};

const struct shape timetable_shape = {"Ketang timetable 课程表", timetable_keys};

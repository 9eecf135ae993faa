/* SPDX-License-Identifier: MIT */
#include "scheduler/import/import_words.h"

#include "playout/suggest.h"
#include "scheduler/import/import_date.h"
#include "scheduler/import/import_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const subjects[] = {
    /* Chinese */
    "语文",
    "数学",
    "英语",
    "物理",
    "化学",
    "生物学",
    "生物",
    "历史",
    "地理",
    "政治",
    "思想政治",
    "道法",
    "道德与法治",
    "道德与法制",
    "思想品德",
    "品德与生活",
    "品德与社会",
    "科学",
    "音乐",
    "美术",
    "体育与健康",
    "体育",
    "心理健康教育",
    "心理健康",
    "心理",
    "班会",
    "信息技术",
    "信息科技",
    "通用技术",
    "劳动教育",
    "劳动技术",
    "劳动",
    "综合实践",
    "综合实践活动",
    "书法",
    "写字",
    "阅读",
    "艺术",
    "日语",
    "俄语",
    "德语",
    "法语",
    "西班牙语",
    "地方课程",
    "校本课程",
    "防疫知识",
    "家庭教育",
    "安全教育",
    "环境教育",
    "传统文化",
    "生命教育",
    "德育",
    "国防教育",
    "法治教育",
    "健康教育",
    "理综",
    "文综",
    "主题教育",
    "专题教育",
    /* English */
    "English",
    "Mathematics",
    "Maths",
    "Math",
    "Physics",
    "Chemistry",
    "Biology",
    "History",
    "Geography",
    "Science",
    "General Science",
    "Social Studies",
    "Social Science",
    "SST",
    "Music",
    "Arts",
    "Art",
    "PE",
    "Physical Education",
    "ICT",
    "Computer Studies",
    "Computer",
    "Bangla",
    "Bengali",
    "Urdu",
    "Hindi",
    "Swahili",
    "Kiswahili",
    "Luganda",
    "Arabic",
    "French",
    "German",
    "Islamic Studies",
    "Religious Education",
    "CRE",
    "IRE",
    "RE",
    "Literacy",
    "Numeracy",
    "Literature",
    "General Knowledge",
    "General Paper",
    "Agriculture",
    "Economics",
    "Commerce",
    "Entrepreneurship",
    "Accounting",
    "Bangladesh and Global Studies",
    "BGS",
    "Life Skills",
    NULL,
};

/*
 * What is taught in hours of its own as well as within a subject (体育 武术).
 * Other words are never taken for a slip of these: too many are near, as 游戏
 * and 游泳.
 */
static const char *const activities[] = {
    "武术",     "跆拳道",   "太极拳", "体操",       "健美操",   "田径",     "游泳",   "轮滑",
    "足球",     "篮球",     "排球",   "乒乓球",     "羽毛球",   "网球",     "围棋",   "象棋",
    "国际象棋", "棋类",     "舞蹈",   "合唱",       "声乐",     "器乐",     "戏剧",   "戏曲",
    "京剧",     "国画",     "绘画",   "素描",       "硬笔书法", "软笔书法", "剪纸",   "泥塑",
    "陶艺",     "手工",     "国学",   "经典诵读",   "诵读",     "编程",     "机器人", "人工智能",
    "创客",     "航模",     "天文",   "茶艺",       "烹饪",     "园艺",     "种植",   "研学",
    "礼仪",     "生涯规划", "班队会", "少先队活动", "社团活动", "社团",     NULL};

/* The bytes of `word` when `text` begins with it; an English one must end there, in any case. */
static size_t begins_with(const char *text, const char *word)
{
    const size_t length = strlen(word);
    if (!isascii((unsigned char)word[0])) {
        return strncmp(text, word, length) == 0 ? length : 0;
    }
    if (strncasecmp(text, word, length) != 0 || isalnum((unsigned char)text[length])) {
        return 0;
    }
    return length;
}

static size_t begins_with_one_of(const char *text, const char *words)
{
    enum { WORD_MOST = 60 };
    size_t longest = 0;
    for (const char *at = words; *at != '\0';) {
        char word[WORD_MOST + 1];
        const size_t length = strcspn(at, ", ");
        if (length > 0 && length <= WORD_MOST) {
            snprintf(word, sizeof(word), "%.*s", (int)length, at);
            const size_t found = begins_with(text, word);
            longest = found > longest ? found : longest;
        }
        at += length + (at[length] != '\0');
    }
    return longest;
}

static size_t longest_of(const char *text, const char *const *words)
{
    size_t longest = 0;
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t length = begins_with(text, words[i]);
        longest = length > longest ? length : longest;
    }
    return longest;
}

size_t import_words_subject(const char *text, const char *more)
{
    const size_t said = more != NULL ? begins_with_one_of(text, more) : 0;
    const size_t subject = longest_of(text, subjects);
    const size_t activity = longest_of(text, activities);
    const size_t known = subject > activity ? subject : activity;
    return said > known ? said : known;
}

bool import_words_is_activity(const char *text)
{
    const size_t length = longest_of(text, activities);
    return length > 0 && text[length] == '\0';
}

const char *import_words_suggest(const char *word)
{
    return suggest(word, subjects);
}

static size_t chinese_grade(const char *text)
{
    static const char *const wholes[] = {"全体", "全校", "各年级", "全部年级",
                                         "小学", "初中", "高中"};
    static const char *const stages[] = {"小学", "初中", "高中", "初", "高", "小"};
    int number = 0;
    size_t length = import_numeral(text, &number);
    if (length > 0 && number >= 1 && number <= 12 && import_text_starts(text + length, "年级")) {
        return length + strlen("年级");
    }
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        const size_t stage = strlen(stages[i]);
        if (!import_text_starts(text, stages[i])) {
            continue;
        }
        length = import_numeral(text + stage, &number);
        if (length > 0 && number >= 1 && number <= 9) {
            const bool has_word = import_text_starts(text + stage + length, "年级");
            return stage + length + (has_word ? strlen("年级") : 0);
        }
    }
    for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
        if (import_text_starts(text, wholes[i])) {
            return strlen(wholes[i]);
        }
    }
    return 0;
}

/* Gr3, Gr. 3, Grade 10, Class 9, P.7, S.4, Year 6, Std 5. */
static size_t english_grade(const char *text)
{
    static const char *const words[] = {"grade",   "class", "year", "form", "senior",
                                        "primary", "std",   "gr",   "p",    "s"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = strlen(words[i]);
        if (strncasecmp(text, words[i], length) != 0) {
            continue;
        }
        const char *at = text + length;
        at += *at == '.';
        at += strspn(at, " ");
        const size_t digits = strspn(at, "0123456789");
        if (digits >= 1 && digits <= 2 && !isalnum((unsigned char)at[digits])) {
            return (size_t)(at - text) + digits;
        }
    }
    return 0;
}

size_t import_words_grade(const char *text)
{
    const size_t length = chinese_grade(text);
    return length > 0 ? length : english_grade(text);
}

bool import_words_is_grade(const char *text)
{
    int number = 0;
    const size_t length = import_words_grade(text);
    const size_t bare = import_numeral(text, &number);
    return (length > 0 && text[length] == '\0') ||
           (bare > 0 && text[bare] == '\0' && number >= 1 && number <= 12);
}

size_t import_words_bracketed_grade(const char *text, const char **numeral)
{
    enum { NUMERAL_SIZE = 16 };
    char inside[NUMERAL_SIZE];
    int number = 0;
    const size_t length = strlen(text);
    const size_t bracket = text[0] == '(' ? 1 : strlen("（");
    if (length <= 2 * bracket || length >= NUMERAL_SIZE ||
        import_words_bracket(text, length) != 0) {
        return 0;
    }
    snprintf(inside, sizeof(inside), "%.*s", (int)(length - 2 * bracket), text + bracket);
    if (!import_words_is_grade(inside) || import_numeral(inside, &number) != strlen(inside)) {
        return 0;
    }
    *numeral = text + bracket;
    return strlen(inside);
}

const char *import_words_suggest_grade(const char *word)
{
    enum { CHARACTERS_LEAST = 2, CHARACTERS_MOST = 3 };
    static const char *const grades[] = {"一年级", "二年级", "三年级", "四年级", "五年级",
                                         "六年级", "七年级", "八年级", "九年级", NULL};
    const size_t characters = import_text_characters(word, strlen(word));
    const bool has_sign = strstr(word, "年") != NULL || strstr(word, "级") != NULL;
    return characters >= CHARACTERS_LEAST && characters <= CHARACTERS_MOST && has_sign &&
                   !import_words_is_grade(word)
               ? suggest(word, grades)
               : NULL;
}

static const char *chinese_numeral(int number)
{
    static const char *const numerals[] = {"",   "一", "二", "三", "四",   "五",  "六",
                                           "七", "八", "九", "十", "十一", "十二"};
    return numerals[number];
}

char *import_words_grade_name(const char *text, size_t length)
{
    int number = 0;
    char *name = NULL;
    const size_t numeral = import_numeral(text, &number);
    if (numeral > 0 && number >= 1 && number <= 12) {
        return asprintf(&name, "%s年级", chinese_numeral(number)) < 0 ? NULL : name;
    }
    if (strncasecmp(text, "gr", 2) == 0 || strncasecmp(text, "class", 5) == 0) {
        const size_t letters = strcspn(text, "0123456789");
        const bool is_class = tolower((unsigned char)text[0]) == 'c';
        return asprintf(&name, "%s %.*s", is_class ? "Class" : "Grade", (int)(length - letters),
                        text + letters) < 0
                   ? NULL
                   : name;
    }
    return strndup(text, length);
}

bool import_words_is_house_number(const char *text)
{
    const char *hyphen = strrchr(text, '-');
    return hyphen != NULL && hyphen != text && hyphen[1] != '\0' &&
           strspn(hyphen + 1, "0123456789") == strlen(hyphen + 1) &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(text);
}

bool import_words_is_remark(const char *text)
{
    static const char *const words[] = {"备注", "说明", "remark", "remarks", "note", "notes"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool import_words_begins_remark(const char *text)
{
    static const char *const words[] = {"备注", "附注",    "说明",   "注意事项", "注意",
                                        "注",   "remarks", "remark", "notes",    "note"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = strlen(words[i]);
        if (strncasecmp(text, words[i], length) == 0) {
            const char *rest = text + length;
            rest += strspn(rest, " 0123456789");
            return *rest == '\0' || strchr(":.,;-(\n", *rest) != NULL || rest > text + length;
        }
    }
    return false;
}

struct note_word {
    const char *word;
    enum import_note note;
    bool is_whole; /* all of the cell, not its beginning */
};

static const struct note_word note_words[] = {
    {"同", IMPORT_NOTE_DITTO, true},         {"同左", IMPORT_NOTE_LEFT, true},
    {"同上", IMPORT_NOTE_ABOVE, true},       {"〃", IMPORT_NOTE_DITTO, true},
    {"″", IMPORT_NOTE_DITTO, true},          {"\"", IMPORT_NOTE_DITTO, true},
    {"same", IMPORT_NOTE_DITTO, true},       {"-", IMPORT_NOTE_EMPTY, true},
    {"--", IMPORT_NOTE_EMPTY, true},         {"/", IMPORT_NOTE_EMPTY, true},
    {"\\", IMPORT_NOTE_EMPTY, true},         {"无", IMPORT_NOTE_EMPTY, true},
    {"放假", IMPORT_NOTE_HOLIDAY, false},    {"节假日", IMPORT_NOTE_HOLIDAY, false},
    {"holiday", IMPORT_NOTE_HOLIDAY, true},  {"停课", IMPORT_NOTE_CANCELLED, true},
    {"停课(", IMPORT_NOTE_CANCELLED, false}, {"重播", IMPORT_NOTE_REPEAT, false},
    {"repeats", IMPORT_NOTE_REPEAT, false},  {"转播", IMPORT_NOTE_RELAY, false},
    {"定时转播", IMPORT_NOTE_RELAY, false},  {"眼保健操", IMPORT_NOTE_BREAK, false},
    {"眼操", IMPORT_NOTE_BREAK, true},       {"大课间", IMPORT_NOTE_BREAK, false},
    {"课间", IMPORT_NOTE_BREAK, false},      {"广播操", IMPORT_NOTE_BREAK, false},
    {"早读", IMPORT_NOTE_BREAK, false},      {"晨读", IMPORT_NOTE_BREAK, false},
    {"早操", IMPORT_NOTE_BREAK, false},      {"午休", IMPORT_NOTE_BREAK, false},
    {"午间休息", IMPORT_NOTE_BREAK, false},  {"休息", IMPORT_NOTE_BREAK, false},
    {"午餐", IMPORT_NOTE_BREAK, false},      {"午饭", IMPORT_NOTE_BREAK, false},
    {"午读", IMPORT_NOTE_BREAK, false},      {"垫播", IMPORT_NOTE_BREAK, false},
    {"开播", IMPORT_NOTE_BREAK, false},      {"次日预告", IMPORT_NOTE_BREAK, false},
    {"下周预告", IMPORT_NOTE_BREAK, false},  {"节目预告", IMPORT_NOTE_BREAK, false},
    {"预告", IMPORT_NOTE_BREAK, false},      {"居家体育", IMPORT_NOTE_BREAK, false},
    {"体育锻炼", IMPORT_NOTE_BREAK, false},  {"体育活动", IMPORT_NOTE_BREAK, false},
    {"升旗", IMPORT_NOTE_BREAK, false},      {"放学", IMPORT_NOTE_BREAK, false},
    {"自习", IMPORT_NOTE_BREAK, false},      {"自主学习", IMPORT_NOTE_BREAK, false},
    {"break", IMPORT_NOTE_BREAK, false},     {"lunch", IMPORT_NOTE_BREAK, false},
    {"tea", IMPORT_NOTE_BREAK, false},
};

bool import_words_is_rest(const char *text)
{
    return strcmp(text, "休息") == 0;
}

bool import_words_is_same(const char *text)
{
    return strcmp(text, "同") == 0 || strcasecmp(text, "same") == 0;
}

enum import_note import_words_note(const char *text)
{
    for (size_t i = 0; i < sizeof(note_words) / sizeof(note_words[0]); i++) {
        const struct note_word *word = &note_words[i];
        const size_t length = begins_with(text, word->word);
        const bool is_whole_word = strcasecmp(text, word->word) == 0;
        if (word->is_whole ? is_whole_word : length > 0) {
            return word->note;
        }
    }
    return IMPORT_NOTE_NONE;
}

enum import_part import_words_part(const char *text)
{
    static const struct {
        const char *word;
        enum import_part part;
    } words[] = {
        {"上午", IMPORT_PART_MORNING},    {"下午", IMPORT_PART_AFTERNOON},
        {"晚上", IMPORT_PART_EVENING},    {"晚间", IMPORT_PART_EVENING},
        {"Morning", IMPORT_PART_MORNING}, {"Afternoon", IMPORT_PART_AFTERNOON},
        {"Evening", IMPORT_PART_EVENING},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const size_t length = begins_with(text, words[i].word);
        /* 上午第1节 and 下午2:30 are not headings. */
        if (length > 0 && strchr(" \n(:", text[length]) != NULL) {
            return words[i].part;
        }
    }
    return IMPORT_PART_NONE;
}

enum import_column import_words_column(const char *text)
{
    static const struct {
        const char *word;
        enum import_column column;
    } words[] = {
        {"时间", IMPORT_COLUMN_TIME},        {"起止时间", IMPORT_COLUMN_TIME},
        {"播出时间", IMPORT_COLUMN_TIME},    {"上课时间", IMPORT_COLUMN_TIME},
        {"时段", IMPORT_COLUMN_TIME},        {"time", IMPORT_COLUMN_TIME},
        {"开始", IMPORT_COLUMN_START},       {"开始时间", IMPORT_COLUMN_START},
        {"start", IMPORT_COLUMN_START},      {"from", IMPORT_COLUMN_START},
        {"结束", IMPORT_COLUMN_END},         {"结束时间", IMPORT_COLUMN_END},
        {"end", IMPORT_COLUMN_END},          {"to", IMPORT_COLUMN_END},
        {"节次", IMPORT_COLUMN_NAME},        {"节", IMPORT_COLUMN_NAME},
        {"课节", IMPORT_COLUMN_NAME},        {"课次", IMPORT_COLUMN_NAME},
        {"slot", IMPORT_COLUMN_NAME},        {"period", IMPORT_COLUMN_NAME},
        {"序号", IMPORT_COLUMN_NAME},        {"星期", IMPORT_COLUMN_DAY},
        {"日期", IMPORT_COLUMN_DAY},         {"day", IMPORT_COLUMN_DAY},
        {"date", IMPORT_COLUMN_DAY},         {"年级", IMPORT_COLUMN_GRADE},
        {"班级", IMPORT_COLUMN_GRADE},       {"grade", IMPORT_COLUMN_GRADE},
        {"class", IMPORT_COLUMN_GRADE},      {"学科", IMPORT_COLUMN_SUBJECT},
        {"科目", IMPORT_COLUMN_SUBJECT},     {"课程", IMPORT_COLUMN_SUBJECT},
        {"课程名称", IMPORT_COLUMN_SUBJECT}, {"subject", IMPORT_COLUMN_SUBJECT},
        {"课题", IMPORT_COLUMN_TITLE},       {"内容", IMPORT_COLUMN_TITLE},
        {"授课内容", IMPORT_COLUMN_TITLE},   {"教学内容", IMPORT_COLUMN_TITLE},
        {"title", IMPORT_COLUMN_TITLE},      {"topic", IMPORT_COLUMN_TITLE},
        {"教师", IMPORT_COLUMN_TEACHER},     {"授课教师", IMPORT_COLUMN_TEACHER},
        {"主讲教师", IMPORT_COLUMN_TEACHER}, {"执教", IMPORT_COLUMN_TEACHER},
        {"老师", IMPORT_COLUMN_TEACHER},     {"teacher", IMPORT_COLUMN_TEACHER},
        {"学校", IMPORT_COLUMN_SCHOOL},      {"单位", IMPORT_COLUMN_SCHOOL},
        {"工作单位", IMPORT_COLUMN_SCHOOL},  {"school", IMPORT_COLUMN_SCHOOL},
        {"周次", IMPORT_COLUMN_WEEKS},       {"周数", IMPORT_COLUMN_WEEKS},
        {"weeks", IMPORT_COLUMN_WEEKS},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            return words[i].column;
        }
    }
    return IMPORT_COLUMN_NONE;
}

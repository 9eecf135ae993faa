/* SPDX-License-Identifier: MIT */
/* Teachers and schools, as far as their words tell. */
#include "scheduler/import/import_words.h"

#include "scheduler/import/import_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_BYTES_MOST = 120 };

static bool ends_with(const char *text, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length >= size && strncmp(text + length - size, ending, size) == 0;
}

size_t import_words_bracket(const char *word, size_t length)
{
    static const char *const brackets[][2] = {{"(", ")"}, {"（", "）"}};
    for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
        const size_t size = strlen(brackets[i][0]);
        size_t depth = 0;
        for (size_t at = length; at >= size; at--) {
            const char *found = word + at - size;
            if (strncmp(found, brackets[i][1], size) == 0) {
                depth++;
            } else if (depth == 0) {
                break;
            } else if (strncmp(found, brackets[i][0], size) == 0 && --depth == 0) {
                return at - size;
            }
        }
    }
    return length;
}

bool import_words_is_school(const char *word, size_t length)
{
    static const char *const endings[] = {"小学", "中学",   "学校",   "学院",   "一中",   "二中",
                                          "三中", "四中",   "五中",   "六中",   "实验",   "附中",
                                          "附小", "School", "幼儿园", "教研室", "College"};
    static const char title_mark[] = "《"; /* 《花的学校》 */
    char text[WORD_BYTES_MOST + 1];
    if (length > WORD_BYTES_MOST || strncmp(word, title_mark, strlen(title_mark)) == 0) {
        return false;
    }
    length = import_words_bracket(word, length); /* 示例小学（东校区） */
    snprintf(text, sizeof(text), "%.*s", (int)length, word);
    if (strstr(text, "学校") != NULL && length > strlen("学校")) {
        return true; /* 示例学校A */
    }
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (length > strlen(endings[i]) && ends_with(word, length, endings[i])) {
            return true;
        }
    }
    return false;
}

bool import_words_is_addressed(const char *text)
{
    static const char *const beginnings[] = {"Mr.", "Mrs.", "Ms.", "Tr.",
                                             "Mr ", "Mrs ", "Ms ", "Tr "};
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        if (strncasecmp(text, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* True when all that 、 divides is one: 王老师、李老师. */
static bool is_each(const char *word, size_t length, bool (*is_one)(const char *, size_t))
{
    static const char mark[] = "、";
    char text[WORD_BYTES_MOST + 1];
    if (length > WORD_BYTES_MOST) {
        return false;
    }
    snprintf(text, sizeof(text), "%.*s", (int)length, word);
    for (const char *at = text; at != NULL;) {
        const char *next = strstr(at, mark);
        if (!is_one(at, next != NULL ? (size_t)(next - at) : strlen(at))) {
            return false;
        }
        at = next != NULL ? next + strlen(mark) : NULL;
    }
    return true;
}

enum { HANZI_BYTES = 3 };

/* The common Chinese characters, U+4E00 to U+9FFF, alone. */
static bool is_hanzi(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i += HANZI_BYTES) {
        const unsigned char first = (unsigned char)text[i];
        if (first < 0xe4 || first > 0xe9) {
            return false;
        }
    }
    return length % HANZI_BYTES == 0;
}

static bool holds_one_of(const char *text, size_t length, const char *const *words)
{
    char copy[WORD_BYTES_MOST + 1];
    snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
    while (*words != NULL && strstr(copy, *words) == NULL) {
        words++;
    }
    return *words != NULL;
}

/* What pupils do in a lesson, and no name has. */
static bool is_of_lesson(const char *text, size_t length)
{
    static const char *const words[] = {"复习", "练习", "讲评", "测试", "总结", "写作", "作文",
                                        "导学", "跳绳", "柔韧", "实验", "答疑", NULL};
    return holds_one_of(text, length, words);
}

/* The common ones, and those of Shandong; left out are some that begin too many words. */
static const char surnames[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕"
    "丁"
    "任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱"
    "戴"
    "严莫孔向常汤温康施牛樊葛邢安齐庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童"
    "凌"
    "毕裴霍涂苗盛冉翁骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄"
    "窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋丛桑亓逯綦巩国伊仝訾宿矫逄";

/* 欧阳小明 */
static const char *const long_surnames[] = {"欧阳", "上官", "司马", "诸葛", "司徒",
                                            "东方", "夏侯", "皇甫", "尉迟", "令狐",
                                            "公孙", "慕容", "宇文", "长孙", NULL};

static bool has_surname(const char *name)
{
    for (size_t i = 0; surnames[i] != '\0'; i += HANZI_BYTES) {
        if (strncmp(name, surnames + i, HANZI_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_long_surname(const char *name)
{
    for (size_t i = 0; long_surnames[i] != NULL; i++) {
        if (strncmp(name, long_surnames[i], strlen(long_surnames[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_person(const char *name, size_t length)
{
    /* Words that begin like a name, and are common in titles. */
    static const char *const others[] = {
        "高考", "高中",   "高一", "高二", "高三", "周测", "周练", "周记", "方程", "方法",
        "方向", "向量",   "余数", "余弦", "任务", "任课", "任教", "程序", "金属", "常识",
        "毛笔", "范文",   "段落", "史记", "武术", "田径", "游泳", "陶艺", "钟表", "唐诗",
        "宋词", "古诗",   "古文", "解析", "解答", "应用", "简答", "时间", "时态", "全册",
        "全等", "连词",   "连加", "连减", "连续", "国歌", "国画", "国学", "华夏", "农业",
        "关系", "白天",   "夏天", "江南", "田园", "黄河", "石头", "叶子", "周长", "周期",
        "石榴", "孔乙己", "江雪", "马说", "雷雨", "黄山", "白鹅", "白杨", "金色", NULL};
    const size_t characters = length / HANZI_BYTES;
    if (length > WORD_BYTES_MOST || !is_hanzi(name, length) || is_of_lesson(name, length) ||
        holds_one_of(name, length, others)) {
        return false;
    }
    return ((characters == 2 || characters == 3) && has_surname(name)) ||
           ((characters == 3 || characters == 4) && has_long_surname(name));
}

/* The bytes before 老师 or 教师 at the end; 0 when nothing is, or it ends otherwise. */
static size_t before_teacher(const char *word, size_t length)
{
    static const char *const endings[] = {"老师", "教师"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (ends_with(word, length, endings[i])) {
            return length - strlen(endings[i]);
        }
    }
    return 0;
}

/* 王老师, 王小明老师, 欧阳小明老师, 示例教师01; 我的老师 and 任课老师 are none. */
static bool is_teacher_name(const char *word, size_t length)
{
    size_t letters = length;
    while (letters > 0 && word[letters - 1] >= '0' && word[letters - 1] <= '9') {
        letters--;
    }
    if (letters < length) {
        return before_teacher(word, letters) > 0 && ends_with(word, letters, "教师");
    }
    const size_t name = before_teacher(word, length);
    const size_t characters = name / HANZI_BYTES;
    return name > 0 && (is_person(word, name) ||
                        (name % HANZI_BYTES == 0 && ((characters == 1 && has_surname(word)) ||
                                                     (characters == 2 && has_long_surname(word)))));
}

bool import_words_is_teacher(const char *word, size_t length)
{
    return is_each(word, length, is_teacher_name);
}

static bool is_latin(const char *text, size_t length)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .-'") >= length;
}

static bool may_be_teacher(const char *word, size_t length)
{
    enum { NAME_CHARACTERS_MOST = 4 };
    static const char *const of[] = {"的", NULL};
    const size_t name = before_teacher(word, length);
    return is_teacher_name(word, length) ||
           (name > 0 && !holds_one_of(word, name, of) &&
            (import_text_characters(word, name) <= NAME_CHARACTERS_MOST || is_latin(word, name)));
}

bool import_words_may_be_teacher(const char *word, size_t length)
{
    return is_each(word, length, may_be_teacher);
}

bool import_words_is_person(const char *word, size_t length)
{
    return is_each(word, length, is_person);
}

bool import_words_may_be_person(const char *text)
{
    enum { HANZI_LEAST = 2, HANZI_MOST = 4 };
    const size_t length = strlen(text);
    const size_t characters = import_text_characters(text, length);
    const bool has_length =
        length == characters * HANZI_BYTES && characters >= HANZI_LEAST && characters <= HANZI_MOST;
    return (is_latin(text, length) || has_length) && !is_of_lesson(text, length) &&
           import_words_subject(text, NULL) == 0;
}

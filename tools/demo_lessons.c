/* SPDX-License-Identifier: MIT */
#include "tools/demo_lessons.h"

#include <string.h>

static const struct demo_lesson lessons[] = {
    {
        .house_number = "KT-01",
        .grade = "一年级",
        .subject = "语文",
        .title = "春夏秋冬",
        .teacher = "示例教师01",
        .seconds = 96,
        .has_practice = true,
        .slides =
            {
                {"学习目标",
                 {"认识“春、夏、秋、冬”四个字", "说一说四季的样子", "会写“春”和“冬”"},
                 NULL},
                {"四季的样子",
                 {"春天：柳树发芽，燕子飞来", "夏天：荷花开放，蝉声阵阵",
                  "秋天：树叶变黄，瓜果飘香", "冬天：北风吹来，雪花飘飘"},
                 NULL},
                {"读一读",
                 {"春风  春雨  春天", "夏日  夏夜  夏天", "秋风  秋月  秋天", "冬雪  冬衣  冬天"},
                 NULL},
                {"写一写", {"春：九画，上面三横要写匀", "冬：五画，先写折文，再写两点"}, NULL},
            },
    },
    {
        .house_number = "KT-02",
        .grade = "二年级",
        .subject = "数学",
        .title = "有余数的除法",
        .teacher = "示例教师02",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"分一分",
                 {"●●●   ●●●   ●●●   ●", "10 个苹果，每 3 个装一盘", "可以装 3 盘，还剩 1 个"},
                 "分一分。十个苹果，每三个装一盘。可以装三盘，还剩一个。"},
                {"写成算式",
                 {"10 ÷ 3 = 3（盘）…… 1（个）", "10 是被除数，3 是除数", "商是 3，余数是 1"},
                 "写成算式。十除以三等于三余一。十是被除数，三是除数，商是三，余数是一。"},
                {"余数和除数",
                 {"13 ÷ 4 = 3 …… 1", "14 ÷ 4 = 3 …… 2", "15 ÷ 4 = 3 …… 3", "余数总比除数小"},
                 "余数和除数。看这三个算式，余数是一、二、三，除数是四。余数总比除数小。"},
                {"验算",
                 {"商 × 除数 + 余数 = 被除数", "3 × 4 + 2 = 14"},
                 "验算。商乘除数加余数，等于被除数。三乘四加二，等于十四。"},
            },
    },
    {
        .house_number = "KT-03",
        .grade = "三年级",
        .subject = "英语",
        .title = "Unit 1 Lesson 1",
        .teacher = "示例教师03",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"Words  单词",
                 {"morning  早上", "afternoon  下午", "evening  晚上", "friend  朋友"},
                 NULL},
                {"Listen and say  听和说",
                 {"Good morning!", "How are you?", "I'm fine, thank you."},
                 NULL},
                {"Read  读一读",
                 {"This is my friend.", "We go to school together.", "We are happy."},
                 NULL},
            },
    },
    {
        .house_number = "KT-04",
        .grade = "四年级",
        .subject = "科学",
        .title = "水的三态变化",
        .teacher = "示例教师04",
        .seconds = 84,
        .has_practice = true,
        .slides =
            {
                {"水有三种状态",
                 {"固态：冰、雪、霜", "液态：雨、露、河水", "气态：看不见的水蒸气"},
                 NULL},
                {"冷和热让水变化",
                 {"冰受热，熔化成水", "水受热，蒸发成水蒸气", "水蒸气遇冷，凝结成水"},
                 NULL},
                {"做个小实验",
                 {"杯子里放几块冰，静置五分钟", "看：杯子外面出现了小水珠",
                  "想：小水珠是从哪里来的？"},
                 NULL},
            },
    },
    {
        .house_number = "KT-05",
        .grade = "五年级",
        .subject = "语文",
        .title = "稚子弄冰",
        .teacher = "示例教师05",
        .seconds = 84,
        .has_practice = true,
        .slides =
            {
                {"稚子弄冰  〔宋〕杨万里",
                 {"稚子金盆脱晓冰，", "彩丝穿取当银钲。", "敲成玉磬穿林响，", "忽作玻璃碎地声。"},
                 "稚子弄冰，宋代，杨万里。稚子金盆脱晓冰，彩丝穿取当银钲。敲成玉磬穿林响，"
                 "忽作玻璃碎地声。"},
                {"词语",
                 {"稚子：小孩子", "银钲：一种打击乐器", "玉磬：玉做的打击乐器",
                  "玻璃：古时指一种天然玉石"},
                 NULL},
                {"诗的意思",
                 {"清早，孩子从盆里取出冰块", "用彩线穿起来，当作钲来敲", "声音清脆，穿过树林",
                  "忽然一声，冰块落地碎了"},
                 NULL},
            },
    },
    {
        .house_number = "KT-06",
        .grade = "六年级",
        .subject = "历史",
        .title = "三国鼎立",
        .teacher = "示例教师06",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"两场大战",
                 {"200 年  官渡之战：曹操胜袁绍", "208 年  赤壁之战：孙刘联军胜曹操"},
                 "两场大战。公元二百年，官渡之战，曹操战胜袁绍。二百零八年，赤壁之战，"
                 "孙刘联军战胜曹操。"},
                {"三国建立",
                 {"220 年  魏  曹丕  都城洛阳", "221 年  蜀  刘备  都城成都",
                  "222 年  吴  孙权  后定都建业"},
                 "三国建立。曹丕建魏，都城洛阳。刘备建蜀，都城成都。孙权建吴，后来定都建业。"},
                {"想一想", {"为什么三家谁也不能很快统一？", "三国各自怎样发展生产？"}, NULL},
            },
    },
    {
        .house_number = "KT-07",
        .grade = "七年级",
        .subject = "地理",
        .title = "中国的疆域",
        .teacher = "示例教师07",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"位置", {"位于亚洲东部，太平洋西岸", "大部分在北温带，小部分在热带"}, NULL},
                {"面积",
                 {"陆地面积约 960 万平方千米", "居世界第三位"},
                 "面积。陆地面积约九百六十万平方千米，居世界第三位。"},
                {"四端",
                 {"最北：漠河以北的黑龙江主航道", "最南：南沙群岛的曾母暗沙",
                  "最东：黑龙江与乌苏里江汇合处", "最西：帕米尔高原"},
                 NULL},
            },
    },
    {
        .house_number = "KT-08",
        .grade = "八年级",
        .subject = "物理",
        .title = "杠杆",
        .teacher = "示例教师08",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"什么是杠杆",
                 {"在力的作用下绕固定点转动的硬棒", "支点 O   动力 F1   阻力 F2",
                  "动力臂 L1   阻力臂 L2"},
                 "什么是杠杆。在力的作用下绕固定点转动的硬棒，"
                 "叫作杠杆。它有支点、动力、阻力、动力臂和阻力臂。"},
                {"杠杆的平衡条件",
                 {"动力 × 动力臂 = 阻力 × 阻力臂", "F1 × L1 = F2 × L2"},
                 "杠杆的平衡条件。动力乘动力臂，等于阻力乘阻力臂。"},
                {"三类杠杆",
                 {"省力杠杆：撬棒、羊角锤", "费力杠杆：镊子、钓鱼竿", "等臂杠杆：天平"},
                 NULL},
            },
    },
    {
        .house_number = "KT-09",
        .grade = "九年级",
        .subject = "化学",
        .title = "溶液的酸碱性",
        .teacher = "示例教师09",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"酸碱指示剂", {"石蕊：遇酸变红，遇碱变蓝", "酚酞：遇酸不变色，遇碱变红"}, NULL},
                {"用 pH 表示",
                 {"pH < 7  酸性", "pH = 7  中性", "pH > 7  碱性"},
                 "用 pH 表示。小于七是酸性，等于七是中性，大于七是碱性。"},
                {"身边的溶液",
                 {"食醋、柠檬汁：酸性", "食盐水：中性", "肥皂水、石灰水：碱性"},
                 NULL},
            },
    },
    {
        .house_number = "KT-10",
        .grade = "全体",
        .subject = "心理健康",
        .title = "做情绪的小主人",
        .teacher = "示例教师10",
        .seconds = 72,
        .has_practice = true,
        .slides =
            {
                {"认识情绪", {"高兴、生气、难过、害怕", "每一种情绪都有它的用处"}, NULL},
                {"情绪来了怎么办",
                 {"停一停：先不说话，也不动手", "深呼吸：慢慢吸气，慢慢呼气",
                  "说出来：告诉爸爸妈妈或老师"},
                 NULL},
                {"每天的小任务", {"记下今天最开心的一件事", "和家人说一声谢谢"}, NULL},
            },
    },
};

static const struct demo_lesson filler = {
    .house_number = "FILL-01",
    .grade = "淄博电视课堂",
    .subject = "休息",
    .title = "课间休息",
    .teacher = "放松眼睛，活动身体",
    .seconds = 40,
    .slides =
        {
            {"远眺", {"离开屏幕，站到窗前", "看最远的树，慢慢数到二十"}, NULL},
            {"伸展", {"双手举高，踮起脚尖", "左右转一转头", "喝一杯水"}, NULL},
        },
};

static const struct demo_slide any_slides[DEMO_SLIDES_MAX] = {
    {"学习目标", {"知道这节课学什么", "跟着老师一步一步做", "把不明白的地方记下来"}, NULL},
    {"跟我学", {"先看一看，再想一想", "动手写一写，开口说一说", "和家人讲一讲你的想法"}, NULL},
    {"小结", {"今天学会了什么？", "还有什么问题？"}, NULL},
};

size_t demo_lessons_count(void)
{
    return sizeof lessons / sizeof lessons[0];
}

const struct demo_lesson *demo_lessons_at(size_t i)
{
    return &lessons[i];
}

const struct demo_lesson *demo_lessons_find(const char *house_number)
{
    for (size_t i = 0; i < demo_lessons_count(); i++) {
        if (strcmp(lessons[i].house_number, house_number) == 0) {
            return &lessons[i];
        }
    }
    return strcmp(filler.house_number, house_number) == 0 ? &filler : NULL;
}

const struct demo_lesson *demo_lessons_filler(void)
{
    return &filler;
}

const struct demo_slide *demo_lessons_any_slides(void)
{
    return any_slides;
}

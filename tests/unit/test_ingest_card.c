/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scheduler/card_file.h"
#include "tools/ingest/card_art.h"
#include "tools/ingest/card_text.h"

#define FOLDER "templates/cards"

static const struct video_profile SD = {.codec = VIDEO_H264,
                                        .width = 720,
                                        .height = 576,
                                        .aspect_num = 16,
                                        .aspect_den = 11,
                                        .pictures_per_second = 25};
static const struct video_profile HD = {.codec = VIDEO_H264,
                                        .width = 1280,
                                        .height = 720,
                                        .aspect_num = 1,
                                        .aspect_den = 1,
                                        .pictures_per_second = 50};

static int parse(const char *text, struct card_file *card)
{
    char why[CARD_WHY_SIZE] = "";
    return card_file_parse(text, strlen(text), card, why);
}

/* --- The file -------------------------------------------------------------------------------- */

static void a_card_is_what_it_says(void **state)
{
    (void)state;
    static const char *const SAME[] = {
        "{\"template\": \"next\", \"title\": \"荷花\", \"duration_frames\": 240}",
        "{\"duration_frames\":240,\n \"title\":\"\\u8377\\u82b1\",\"template\":\"next\","
        " \"teacher\": \"\"}",
    };
    static const char OTHER[] =
        "{\"template\": \"next\", \"title\": \"荷叶\", \"duration_frames\": 240}";
    char first[CARD_HOUSE_NUMBER_SIZE];
    char number[CARD_HOUSE_NUMBER_SIZE];
    struct card_file card;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(parse(SAME[i], &card), 0);
        assert_int_equal(card_file_house_number(&card, number), 0);
        card_file_finish(&card);
        if (i == 0) {
            memcpy(first, number, sizeof(first));
        }
        assert_string_equal(number, first);
    }
    assert_int_equal(strlen(first), CARD_HOUSE_NUMBER_SIZE - 1);
    assert_int_equal(parse(OTHER, &card), 0);
    assert_int_equal(card_file_house_number(&card, number), 0);
    assert_string_not_equal(number, first);
    card_file_finish(&card);
}

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    struct card_file card;
    struct card_file again;
    assert_int_equal(
        parse("{\"template\": \"clock\", \"clock\": \"08:29:00\", \"band\": \"junior\","
              " \"text\": \"一\\n二\", \"duration_frames\": 24}",
              &card),
        0);
    assert_int_equal(card.clock_s, 8 * 3600 + 29 * 60);
    char *text = card_file_write(&card);
    assert_non_null(text);
    assert_int_equal(parse(text, &again), 0);
    char *text_again = card_file_write(&again);
    assert_string_equal(text, text_again);
    assert_string_equal(again.texts[CARD_TEXT], "一\n二");
    free(text_again);
    free(text);
    card_file_finish(&again);
    card_file_finish(&card);
}

static void what_is_no_card_is_refused(void **state)
{
    (void)state;
    static const char *const WRONG[] = {
        "",
        "[]",
        "{\"template\": \"next\"}",
        "{\"duration_frames\": 240}",
        "{\"template\": \"../next\", \"duration_frames\": 240}",
        "{\"template\": \"next\", \"duration_frames\": 23}",
        "{\"template\": \"next\", \"duration_frames\": \"240\"}",
        "{\"template\": \"next\", \"duration_frames\": 90001}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"titel\": \"荷花\"}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"title\": 5}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"title\": \"a\\u001bb\"}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"title\": \"a\\u202eb\"}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"band\": \"六年级\"}",
        "{\"template\": \"clock\", \"duration_frames\": 240, \"clock\": \"24:00:00\"}",
        "{\"template\": \"clock\", \"duration_frames\": 240, \"clock\": \"8:29\"}",
        "{\"template\": \"next\", \"duration_frames\": 240, \"template\": \"break\"}",
    };
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char why[CARD_WHY_SIZE] = "";
        struct card_file card;
        if (card_file_parse(WRONG[i], strlen(WRONG[i]), &card, why) != -EBADMSG || why[0] == '\0') {
            fail_msg("taken: %s", WRONG[i]);
        }
    }
}

/* --- Text into boxes ---------------------------------------------------------------------------
 */

struct text_case {
    const char *text;
    double width;
    double height;
    int lines; /* at most */
    int wanted;
};

/* Each stays inside its box, whatever its length, on as many lines as wanted. */
static void text_fits_its_box(void **state)
{
    (void)state;
    static const char LONG[] =
        "北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节"
        "北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节北京的春节";
    static const struct text_case CASES[] = {
        {"荷花", 1000, 300, 3, 1},
        {"四时田园杂兴与乡下人家", 1000, 300, 3, 1}, /* a little smaller, on one line */
        {"Could you please clean your room? gjpqy", 1000, 300, 2, 2},
        {"√2有多大？a²+b²=c²……“引号”《书名》", 1000, 300, 3, 2},
        {"Donaudampfschifffahrtsgesellschaftskapitaen", 300, 200, 1, 1},
        {LONG, 1000, 300, 3, 3},
        {LONG, 1000, 60, 1, 1},
        {"示例·王喆", 200, 100, 1, 1},
    };
    struct card_letters *letters = card_letters_create();
    assert_true(card_letters_has_font(letters));
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        for (int align = CARD_START; align <= CARD_END; align++) {
            const struct text_case *it = &CASES[i];
            const struct card_box box = {.x = 50,
                                         .y = 60,
                                         .width = it->width,
                                         .height = it->height,
                                         .size = 100,
                                         .leading = 1.3,
                                         .lines = it->lines,
                                         .align = (enum card_align)align,
                                         .valign = (enum card_align)align};
            struct card_outline outline;
            const int result = card_text_outline(letters, &box, it->text, &outline);
            if (result < 0) {
                fail_msg("'%s' in %.0f x %.0f: %d", it->text, it->width, it->height, result);
            }
            if (outline.left < 49.9 || outline.top < 59.9 || outline.right > 50.1 + it->width ||
                outline.bottom > 60.1 + it->height || outline.right - outline.left < 50 ||
                outline.lines != it->wanted) {
                fail_msg("'%s': %d lines of %.0f, %.0f %.0f to %.0f %.0f", it->text, outline.lines,
                         outline.size, outline.left, outline.top, outline.right, outline.bottom);
            }
            card_outline_finish(&outline);
        }
    }
    card_letters_destroy(letters);
}

/* The joiner makes what it stands in unbreakable; where none is, the line may end. */
static void what_belongs_together_is_joined(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"春节（第1课时）", "春节（\u2060第\u20601\u2060课\u2060时\u2060）"},
        {"第12周", "第\u206012\u2060周"},
        {"Unit 1 Section A 复习", "Unit\u00a01 Section\u00a0A 复习"},
        {"示例·王", "示例\u2060·\u2060王"},
        {"一句很长的话（括号里面也有很长的一句话）", "一句很长的话（括号里面也有很长的一句话）"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char *joined = card_text_join(CASES[i][0]);
        assert_string_equal(joined, CASES[i][1]);
        free(joined);
    }
}

static void digits_that_move_keep_their_places(void **state)
{
    (void)state;
    const struct card_box box = {.width = 900,
                                 .height = 300,
                                 .size = 280,
                                 .leading = 1,
                                 .lines = 1,
                                 .align = CARD_MIDDLE,
                                 .is_moving = true};
    struct card_letters *letters = card_letters_create();
    struct card_outline eights;
    struct card_outline ones;
    assert_int_equal(card_text_outline(letters, &box, "08:88:88", &eights), 0);
    assert_int_equal(card_text_outline(letters, &box, "08:11:11", &ones), 0);
    assert_true(eights.size == ones.size);
    assert_true(ones.left - eights.left < 0.1 && eights.left - ones.left < 0.1);
    card_outline_finish(&ones);
    card_outline_finish(&eights);
    card_letters_destroy(letters);
}

/* --- Templates ---------------------------------------------------------------------------------
 */

/* 15 lines of 576: what is smaller is not read from a sofa. */
#define LEAST_SIZE 28

#define LONG_TITLE                                                                                 \
    "Unit 1 Could you please clean your room? 复习与练习（第2课时）√2有多大？a²+b²=c²勾股定理"
#define FULL                                                                                              \
    "\"band\": \"primary\", \"grade\": \"三年级\", \"subject\": \"语文\", \"title\": "               \
    "\"" LONG_TITLE "\", \"teacher\": \"示例教师01、示例教师02、示例教师03\", \"school\": " \
    "\"示例区第一实验小学（西校区）\","                                                     \
    "\"starts\": \"10:10\", \"date\": \"2026年12月1日 星期二\", \"channel\": "                      \
    "\"示例区电视课堂综合频道\","                                                              \
    "\"text\": \"第一行，很长的一行，很长的一行，很长的一行。\\n第二行\", \"clock\": \"08:29:00\""

static const char *const TEMPLATES[] = {"next",   "break", "opening", "closing",
                                        "notice", "slate", "clock"};

static struct card_art *open_art(const char *json, const struct video_profile *video,
                                 struct card_file *card)
{
    struct card_art *art = NULL;
    struct ingest_failure failure = {.text = ""};
    assert_int_equal(parse(json, card), 0);
    const struct card_settings settings = {FOLDER, card, video, card->duration_frames};
    if (card_art_open(&art, &settings, &failure) < 0) {
        fail_msg("%s: %s", json, failure.text);
    }
    return art;
}

/* Inside its box, and that inside of nine tenths of the picture. */
static void check_seen(const char *template, const struct card_art *art)
{
    const struct card_seen *seen = NULL;
    const size_t count = card_art_seen(art, &seen);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        const struct card_outline *ink = &seen[i].outline;
        const struct card_box *box = &seen[i].box;
        const bool is_in_box = ink->left >= box->x - 0.1 && ink->top >= box->y - 0.1 &&
                               ink->right <= box->x + box->width + 0.1 &&
                               ink->bottom <= box->y + box->height + 0.1;
        const bool is_safe =
            ink->left >= 96 && ink->right <= 1824 && ink->top >= 54 && ink->bottom <= 1026;
        if (!is_in_box || !is_safe) {
            fail_msg("%s, %s: %.0f %.0f to %.0f %.0f", template, seen[i].id, ink->left, ink->top,
                     ink->right, ink->bottom);
        }
        if (ink->size < LEAST_SIZE) {
            fail_msg("%s, %s: letters of %.0f", template, seen[i].id, ink->size);
        }
    }
}

static void draw_and_check(const char *template, const char *texts)
{
    char json[2000];
    struct card_file card;
    cairo_surface_t *picture = NULL;
    bool is_new = false;
    struct ingest_failure failure = {.text = ""};
    snprintf(json, sizeof(json), "{\"template\": \"%s\", \"duration_frames\": 1500, %s}", template,
             texts);
    struct card_art *art = open_art(json, &SD, &card);
    assert_int_equal(card_art_draw(art, 30, &picture, &is_new, &failure), 0);
    assert_true(is_new);
    check_seen(template, art);
    card_art_close(art);
    card_file_finish(&card);
}

static void every_template_keeps_text_in_its_box_and_safe(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(TEMPLATES) / sizeof(TEMPLATES[0]); i++) {
        draw_and_check(TEMPLATES[i], FULL);
        draw_and_check(TEMPLATES[i], "\"title\": \"荷花\", \"channel\": \"张店\"");
        draw_and_check(TEMPLATES[i], "\"channel\": \"张店电视课堂\", \"text\": \"请稍候。\"");
    }
}

/* --- Pictures ----------------------------------------------------------------------------------
 */

static uint64_t sum(cairo_surface_t *picture)
{
    uint64_t hash = 1469598103934665603U;
    cairo_surface_flush(picture);
    const uint8_t *bytes = cairo_image_surface_get_data(picture);
    const size_t size = (size_t)cairo_image_surface_get_stride(picture) *
                        (size_t)cairo_image_surface_get_height(picture);
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (i % 4 == 3 ? 0 : bytes[i])) * 1099511628211U; /* X of XRGB is nothing */
    }
    return hash;
}

static uint64_t sum_of(const char *json, int64_t frame)
{
    struct card_file card;
    cairo_surface_t *picture = NULL;
    bool is_new = false;
    struct ingest_failure failure = {.text = ""};
    struct card_art *art = open_art(json, &HD, &card);
    assert_int_equal(card_art_draw(art, frame, &picture, &is_new, &failure), 0);
    const uint64_t result = sum(picture);
    card_art_close(art);
    card_file_finish(&card);
    return result;
}

static void the_same_card_is_the_same_picture(void **state)
{
    (void)state;
    const char *json = "{\"template\": \"next\", \"title\": \"荷花\", \"duration_frames\": 240}";
    const char *other = "{\"template\": \"next\", \"title\": \"荷叶\", \"duration_frames\": 240}";
    const char *band = "{\"template\": \"next\", \"title\": \"荷花\", \"band\": \"junior\","
                       " \"duration_frames\": 240}";
    assert_true(sum_of(json, 0) == sum_of(json, 0));
    assert_true(sum_of(json, 0) != sum_of(other, 0));
    assert_true(sum_of(json, 0) != sum_of(band, 0));
}

/* 252 frames are 10.08 s: what is left changes at frames 2, 27, 52 ... and nowhere else. */
static void a_countdown_changes_once_a_second(void **state)
{
    (void)state;
    struct card_file card;
    struct ingest_failure failure = {.text = ""};
    struct card_art *art =
        open_art("{\"template\": \"break\", \"duration_frames\": 252}", &SD, &card);
    uint64_t before = 0;
    int changes = 0;
    assert_true(card_art_moves(art));
    for (int64_t frame = 0; frame < 252; frame++) {
        cairo_surface_t *picture = NULL;
        bool is_new = false;
        assert_int_equal(card_art_draw(art, frame, &picture, &is_new, &failure), 0);
        const uint64_t now = is_new ? sum(picture) : before;
        assert_true(frame != 0 || is_new);
        changes += now != before;
        /* The bar moves each second from the beginning, the digits each second to the end. */
        assert_true(now == before || frame % 25 == 0 || frame % 25 == 252 % 25);
        before = now;
    }
    assert_true(changes >= 20 && changes <= 22);
    card_art_close(art);
    card_file_finish(&card);
}

static void what_cannot_be_drawn_says_why(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"{\"template\": \"none\", \"duration_frames\": 240}", "no template"},
        {"{\"template\": \"next\", \"title\": \"\U0010fffd\", \"duration_frames\": 240}",
         "no font"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct card_file card;
        struct card_art *art = NULL;
        struct ingest_failure failure = {.text = ""};
        assert_int_equal(parse(CASES[i][0], &card), 0);
        const struct card_settings settings = {FOLDER, &card, &SD, card.duration_frames};
        assert_true(card_art_open(&art, &settings, &failure) < 0);
        assert_non_null(strstr(failure.text, CASES[i][1]));
        assert_true(failure.is_of_film);
        card_file_finish(&card);
    }
}

/* What fontconfig keeps of its settings until the end is found by no pointer that looks like one.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_what_it_says),
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(what_is_no_card_is_refused),
        cmocka_unit_test(text_fits_its_box),
        cmocka_unit_test(what_belongs_together_is_joined),
        cmocka_unit_test(digits_that_move_keep_their_places),
        cmocka_unit_test(every_template_keeps_text_in_its_box_and_safe),
        cmocka_unit_test(the_same_card_is_the_same_picture),
        cmocka_unit_test(a_countdown_changes_once_a_second),
        cmocka_unit_test(what_cannot_be_drawn_says_why),
    };
    return cmocka_run_group_tests_name("ingest_card", tests, NULL, NULL);
}

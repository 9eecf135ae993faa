/* SPDX-License-Identifier: MIT */
/*
 * card_file: a card (字幕卡) as it is handed in: a template, and what to write on it.
 *
 *     {"template": "next", "band": "primary", "grade": "三年级", "subject": "语文",
 *      "title": "荷花", "teacher": "示例教师01", "starts": "10:10", "duration_frames": 240}
 *
 * JSON in a file that ends in `.card`.  A card is what it says: its house
 * number is a hash of its content, so that the same card is made once.
 */
#ifndef SCHEDULER_CARD_FILE_H
#define SCHEDULER_CARD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In alphabetical order of their names. */
enum card_text {
    CARD_CHANNEL,
    CARD_DATE,
    CARD_GRADE,
    CARD_LABEL, /* instead of the template's own, such as 下节课 */
    CARD_SCHOOL,
    CARD_STARTS,
    CARD_SUBJECT,
    CARD_TEACHER,
    CARD_TEXT,
    CARD_TITLE,
    CARD_TEXTS
};

enum {
    CARD_TEMPLATE_MOST = 32,         /* bytes */
    CARD_TEXT_MOST = 600,            /* bytes of a text */
    CARD_FRAMES_LEAST = 24,          /* of 1/25 s */
    CARD_FRAMES_MOST = 3600 * 25,    /* an hour */
    CARD_HOUSE_NUMBER_SIZE = 5 + 17, /* CARD-0123456789abcdef */
    CARD_WHY_SIZE = 300,
};

struct card_file {
    char template[CARD_TEMPLATE_MOST + 1]; /* [a-z0-9-]+ */
    char band[CARD_TEMPLATE_MOST + 1];     /* of grades, whose colours it has; "": none */
    char *texts[CARD_TEXTS];               /* UTF-8 without control characters; NULL: none */
    int clock_s;                           /* what a clock shows at first, of a day; -1: nothing */
    int64_t duration_frames;
};

/* True for a path that ends in `.card`. */
bool card_file_is_path(const char *path);

/* The name of a text in the file. */
const char *card_text_name(enum card_text text);

/*
 * Reads a card.  0; or -EBADMSG with what is wrong with it, or -errno of the
 * file, in `why`; then *card is empty.
 */
int card_file_read(const char *path, struct card_file *card, char why[CARD_WHY_SIZE]);
int card_file_parse(const char *bytes, size_t size, struct card_file *card,
                    char why[CARD_WHY_SIZE]);
void card_file_finish(struct card_file *card); /* accepts a zeroed one */

/* Sets a text, copied; "" is none.  0, -EINVAL for what no card may say, or -ENOMEM. */
int card_file_set(struct card_file *card, enum card_text text, const char *value);

/* The canonical form, which another card with the same content has too: allocated, or NULL. */
char *card_file_write(const struct card_file *card);

/* By its canonical form.  0 or -ENOMEM. */
int card_file_house_number(const struct card_file *card, char number[CARD_HOUSE_NUMBER_SIZE]);

/* What it is about, for lists: "语文 荷花", or else the template's name.  Returns `out`. */
const char *card_file_title(const struct card_file *card, char *out, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
#include "scheduler/card_file.h"

#include "playout/intl.h"

#include <errno.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MOST = 16384, /* bytes */
    ID_BYTES = 8,
    DAY_S = 24 * 3600,
};

#define ENDING ".card"

static const char *const TEXT_NAMES[CARD_TEXTS] = {
    "channel", "date", "grade", "label", "school", "starts", "subject", "teacher", "text", "title"};
static const char *const BANDS[] = {"primary", "junior", "senior"};

bool card_file_is_path(const char *path)
{
    const size_t length = strlen(path);
    const size_t ending = strlen(ENDING);
    return length > ending && strcmp(path + length - ending, ENDING) == 0;
}

const char *card_text_name(enum card_text text)
{
    return TEXT_NAMES[text];
}

/* A name of a template is also one of a file: nothing in it leads elsewhere. */
static bool is_template(const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && length <= CARD_TEMPLATE_MOST &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static bool is_band(const char *name)
{
    bool is_known = false;
    for (size_t i = 0; i < sizeof(BANDS) / sizeof(BANDS[0]); i++) {
        is_known = is_known || strcmp(name, BANDS[i]) == 0;
    }
    return is_known;
}

/* Control characters, and what turns the direction of a text around (U+202A to U+202E, U+2066 to
 * U+2069), have nothing to say on a screen; line breaks do. */
static bool may_be_shown(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    for (; *at != '\0'; at++) {
        const bool is_control = (*at < 0x20 && *at != '\n') || *at == 0x7f ||
                                (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0);
        const bool is_turn = at[0] == 0xe2 && ((at[1] == 0x80 && at[2] >= 0xaa && at[2] <= 0xae) ||
                                               (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9));
        if (is_control || is_turn) {
            return false;
        }
    }
    return true;
}

int card_file_set(struct card_file *card, enum card_text text, const char *value)
{
    if (strlen(value) > CARD_TEXT_MOST || !may_be_shown(value)) {
        return -EINVAL;
    }
    char *copy = value[strspn(value, " \n")] != '\0' ? strdup(value) : NULL;
    if (copy == NULL && value[strspn(value, " \n")] != '\0') {
        return -ENOMEM;
    }
    free(card->texts[text]);
    card->texts[text] = copy;
    return 0;
}

/* --- Reading ------------------------------------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static int complain(char why[CARD_WHY_SIZE],
                                                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, CARD_WHY_SIZE, format, arguments);
    va_end(arguments);
    return -EBADMSG;
}

static int read_clock(const char *text, int *clock_s)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    int length = 0;
    const bool is_clock = sscanf(text, "%2d:%2d:%2d%n", &hour, &minute, &second, &length) == 3 &&
                          text[length] == '\0' && strspn(text, "0123456789:") == strlen(text) &&
                          minute < 60 && second < 60 && hour * 3600 < DAY_S;
    *clock_s = is_clock ? hour * 3600 + minute * 60 + second : -1;
    return is_clock ? 0 : -EINVAL;
}

static int find_text(const char *key)
{
    for (int i = 0; i < CARD_TEXTS; i++) {
        if (strcmp(key, TEXT_NAMES[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int read_text(struct card_file *card, int text, const char *value, char *why)
{
    const int result = card_file_set(card, (enum card_text)text, value);
    return result == -EINVAL ? complain(why,
                                        _("'%s' has more than %d bytes, or characters that no "
                                          "screen shows"),
                                        TEXT_NAMES[text], CARD_TEXT_MOST)
                             : result;
}

static int read_word(struct card_file *card, const char *key, const char *value, char *why)
{
    const int text = find_text(key);
    if (text >= 0) {
        return read_text(card, text, value, why);
    }
    if (strcmp(key, "template") == 0) {
        snprintf(card->template, sizeof(card->template), "%s", value);
        return is_template(value) ? 0
                                  : complain(why, _("a template is a name such as next or notice, "
                                                    "of small letters, digits and hyphens"));
    }
    if (strcmp(key, "band") == 0) {
        snprintf(card->band, sizeof(card->band), "%s", value);
        return is_band(value) ? 0
                              : complain(why, _("a band of grades is primary, junior or senior"));
    }
    if (strcmp(key, "clock") == 0) {
        return read_clock(value, &card->clock_s) == 0
                   ? 0
                   : complain(why, _("'clock' is a time of day as in \"08:29:00\""));
    }
    return complain(why,
                    _("a card has no '%s'; it has template, band, clock, duration_frames, "
                      "channel, date, grade, label, school, starts, subject, teacher, text "
                      "and title"),
                    key);
}

static int read_member(struct card_file *card, const char *key, const json_t *value, char *why)
{
    if (strcmp(key, "duration_frames") != 0) {
        /* A byte of 0 would end the text for us, and not for others. */
        return json_is_string(value) &&
                       strlen(json_string_value(value)) == json_string_length(value)
                   ? read_word(card, key, json_string_value(value), why)
                   : complain(why, _("'%s' must be a text in quotes"), key);
    }
    card->duration_frames = json_is_integer(value) ? json_integer_value(value) : 0;
    return card->duration_frames >= CARD_FRAMES_LEAST && card->duration_frames <= CARD_FRAMES_MOST
               ? 0
               : complain(why,
                          _("'duration_frames' is a number of frames, 25 a second, from %d to "
                            "%d"),
                          CARD_FRAMES_LEAST, CARD_FRAMES_MOST);
}

static int read_members(struct card_file *card, json_t *root, char *why)
{
    const char *key = NULL;
    json_t *value = NULL;
    int result = 0;
    json_object_foreach(root, key, value)
    {
        if ((result = read_member(card, key, value, why)) < 0) {
            return result;
        }
    }
    if (card->template[0] == '\0') {
        return complain(why, _("it names no template"));
    }
    return card->duration_frames > 0 ? 0 : complain(why, _("it says no duration_frames"));
}

int card_file_parse(const char *bytes, size_t size, struct card_file *card, char why[CARD_WHY_SIZE])
{
    json_error_t error;
    *card = (struct card_file){.clock_s = -1};
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    int result = json_is_object(root) ? read_members(card, root, why)
                 : root != NULL
                     ? complain(why, _("it is no JSON object"))
                     : complain(why, _("it is no JSON: line %d, %s"), error.line, error.text);
    json_decref(root);
    if (result < 0) {
        card_file_finish(card);
    }
    return result;
}

int card_file_read(const char *path, struct card_file *card, char why[CARD_WHY_SIZE])
{
    char bytes[FILE_MOST + 1];
    *card = (struct card_file){.clock_s = -1};
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        const int result = -errno;
        (void)complain(why, "%s", strerror(-result));
        return result;
    }
    const size_t size = fread(bytes, 1, sizeof(bytes), file);
    const bool has_failed = ferror(file) != 0;
    fclose(file);
    if (has_failed) {
        (void)complain(why, "%s", strerror(EIO));
        return -EIO;
    }
    return size <= FILE_MOST ? card_file_parse(bytes, size, card, why)
                             : complain(why, _("a card has at most %d bytes"), FILE_MOST);
}

void card_file_finish(struct card_file *card)
{
    for (int i = 0; i < CARD_TEXTS; i++) {
        free(card->texts[i]);
    }
    *card = (struct card_file){.clock_s = -1};
}

/* --- Writing ------------------------------------------------------------------------------ */

static int put(json_t *root, const char *key, const char *value)
{
    return value == NULL || value[0] == '\0' ? 0
                                             : json_object_set_new(root, key, json_string(value));
}

static int put_all(json_t *root, const struct card_file *card)
{
    char clock[16] = "";
    int result = put(root, "template", card->template);
    if (card->clock_s >= 0) {
        snprintf(clock, sizeof(clock), "%02d:%02d:%02d", card->clock_s / 3600,
                 card->clock_s / 60 % 60, card->clock_s % 60);
    }
    result |= put(root, "band", card->band);
    result |= put(root, "clock", clock);
    for (int i = 0; i < CARD_TEXTS; i++) {
        result |= put(root, TEXT_NAMES[i], card->texts[i]);
    }
    result |= json_object_set_new(root, "duration_frames", json_integer(card->duration_frames));
    return result;
}

char *card_file_write(const struct card_file *card)
{
    json_t *root = json_object();
    char *text = root != NULL && put_all(root, card) == 0
                     ? json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT)
                     : NULL;
    json_decref(root);
    return text;
}

int card_file_house_number(const struct card_file *card, char number[CARD_HOUSE_NUMBER_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx hash;
    char *text = card_file_write(card);
    if (text == NULL) {
        return -ENOMEM;
    }
    sha256_init(&hash);
    sha256_update(&hash, strlen(text), (const uint8_t *)text);
    sha256_digest(&hash, sizeof(digest), digest);
    snprintf(number, CARD_HOUSE_NUMBER_SIZE, "CARD-");
    for (size_t i = 0; i < ID_BYTES; i++) {
        snprintf(number + 5 + 2 * i, 3, "%02x", digest[i]);
    }
    free(text);
    return 0;
}

const char *card_file_title(const struct card_file *card, char *out, size_t size)
{
    const char *subject = card->texts[CARD_SUBJECT];
    const char *title =
        card->texts[CARD_TITLE] != NULL ? card->texts[CARD_TITLE] : card->texts[CARD_CHANNEL];
    snprintf(out, size, "%s%s%s", subject != NULL ? subject : "",
             subject != NULL && title != NULL ? " " : "", title != NULL ? title : "");
    if (out[0] == '\0') {
        snprintf(out, size, "%s", card->template);
    }
    return out;
}

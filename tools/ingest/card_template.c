/* SPDX-License-Identifier: MIT */
#include "tools/ingest/card_template.h"

#include "playout/station.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#define LEADING 1.3

xmlDoc *card_template_read(const char *path)
{
    return xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static char *attribute(xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? strdup((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

static bool has(xmlNode *node, const char *name)
{
    return xmlHasProp(node, (const xmlChar *)name) != NULL;
}

static bool is_word(xmlNode *node, const char *name, const char *word)
{
    char *value = attribute(node, name);
    const bool is = value != NULL && strcmp(value, word) == 0;
    free(value);
    return is;
}

double card_template_number(xmlNode *node, const char *name, double otherwise)
{
    char *value = attribute(node, name);
    char *end = NULL;
    const double number = value != NULL ? strtod(value, &end) : otherwise;
    const bool is_number = value == NULL || (end != value && isfinite(number));
    free(value);
    return is_number ? number : otherwise;
}

/* In the order of the document. */
static xmlNode *next_node(const xmlNode *root, xmlNode *node)
{
    if (node->children != NULL) {
        return node->children;
    }
    while (node != root && node->next == NULL) {
        node = node->parent;
    }
    return node != root ? node->next : NULL;
}

static const char *text_of(const struct card_file *card, const char *name, size_t length)
{
    for (int i = 0; i < CARD_TEXTS; i++) {
        const char *known = card_text_name((enum card_text)i);
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return card->texts[i] != NULL ? card->texts[i] : "";
        }
    }
    return "";
}

static bool has_text(const struct card_file *card, xmlNode *node, const char *name)
{
    char *value = attribute(node, name);
    const bool is_there = value != NULL && text_of(card, value, strlen(value))[0] != '\0';
    free(value);
    return is_there;
}

void card_template_choose(xmlNode *root, const struct card_file *card)
{
    xmlNode *next = NULL;
    for (xmlNode *node = root->children; node != NULL; node = next) {
        next = node->next;
        const bool goes = node->type == XML_ELEMENT_NODE &&
                          ((has(node, "data-if") && !has_text(card, node, "data-if")) ||
                           (has(node, "data-unless") && has_text(card, node, "data-unless")));
        if (goes) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        } else if (node->type == XML_ELEMENT_NODE) {
            card_template_choose(node, card);
        }
    }
}

xmlNode *card_template_next(xmlNode *root, xmlNode *node)
{
    node = node != NULL ? next_node(root, node) : root;
    while (node != NULL && !(node->type == XML_ELEMENT_NODE &&
                             (has(node, "data-text") || has(node, "data-moving")))) {
        node = next_node(root, node);
    }
    return node;
}

enum card_motion card_template_motion(xmlNode *node)
{
    return is_word(node, "data-moving", "clock")  ? CARD_CLOCK
           : is_word(node, "data-moving", "left") ? CARD_LEFT
           : is_word(node, "data-moving", "bar")  ? CARD_BAR
                                                  : CARD_STILL;
}

bool card_template_has_text(xmlNode *node)
{
    return card_template_motion(node) != CARD_BAR;
}

static enum card_align align_of(xmlNode *node, const char *name)
{
    return is_word(node, name, "middle") ? CARD_MIDDLE
           : is_word(node, name, "end")  ? CARD_END
                                         : CARD_START;
}

bool card_template_box(xmlNode *node, struct card_box *box)
{
    *box = (struct card_box){
        .x = card_template_number(node, "x", 0),
        .y = card_template_number(node, "y", 0),
        .width = card_template_number(node, "width", 0),
        .height = card_template_number(node, "height", 0),
        .leading = card_template_number(node, "data-leading", LEADING),
        .lines = (int)fmin(fmax(card_template_number(node, "data-lines", 1), 1), 40),
        .align = align_of(node, "data-align"),
        .valign = align_of(node, "data-valign"),
        .is_bold = is_word(node, "data-weight", "bold"),
        .is_body = is_word(node, "data-body", "yes"),
        .is_moving = card_template_motion(node) != CARD_STILL,
    };
    box->size = card_template_number(node, "data-size", box->height);
    return strcmp((const char *)node->name, "rect") == 0 && box->x >= 0 && box->y >= 0 &&
           box->width > 0 && box->height > 0 && box->size > 0 && box->leading > 0 &&
           box->x + box->width <= CARD_UNITS_WIDE && box->y + box->height <= CARD_UNITS_HIGH;
}

/* --- Texts --------------------------------------------------------------------------------- */

static char *clock_text(int64_t second)
{
    char *text = NULL;
    const int hour = (int)(second / 3600 % 24);
    const int minute = (int)(second / 60 % 60);
    return asprintf(&text, "%02d:%02d:%02d", hour, minute, (int)(second % 60)) < 0 ? NULL : text;
}

/* What is left, the last second of it as 0:01. */
static char *left_text(const struct card_moment *moment)
{
    const int64_t frames = moment->frames - moment->frame;
    const int64_t seconds = (frames + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND;
    char *text = NULL;
    return asprintf(&text, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60)) < 0 ? NULL : text;
}

/* One part, its {fields} filled in; false when one of them is empty. */
static bool write_part(FILE *out, const char *part, size_t length, const struct card_file *card)
{
    const char *end = part + length;
    while (part < end) {
        const char *close = *part == '{' ? memchr(part, '}', (size_t)(end - part)) : NULL;
        if (close == NULL) {
            fputc(*part++, out);
            continue;
        }
        const char *text = text_of(card, part + 1, (size_t)(close - part - 1));
        if (text[0] == '\0') {
            return false;
        }
        fputs(text, out);
        part = close + 1;
    }
    return true;
}

static char *part_text(const char *part, size_t length, const struct card_file *card)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const bool is_whole = out != NULL && write_part(out, part, length, card);
    if (out == NULL || fclose(out) != 0 || !is_whole) {
        free(text);
        return NULL;
    }
    return text;
}

/* Parts, between them '|'; those whose fields are there, joined. */
static void write_parts(FILE *out, const char *parts, const char *join,
                        const struct card_file *card)
{
    bool is_first = true;
    while (true) {
        const size_t length = strcspn(parts, "|");
        char *text = part_text(parts, length, card);
        if (text != NULL) {
            fprintf(out, "%s%s", is_first ? "" : join, text);
            is_first = false;
        }
        free(text);
        if (parts[length] == '\0') {
            return;
        }
        parts += length + 1;
    }
}

static char *still_text(xmlNode *node, const struct card_file *card)
{
    char *parts = attribute(node, "data-text");
    char *join = attribute(node, "data-join");
    char *text = NULL;
    size_t size = 0;
    FILE *out = parts != NULL ? open_memstream(&text, &size) : NULL;
    if (out != NULL) {
        write_parts(out, parts, join != NULL ? join : "", card);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    free(join);
    free(parts);
    return text;
}

char *card_template_text(xmlNode *node, const struct card_file *card,
                         const struct card_moment *moment)
{
    switch (card_template_motion(node)) {
    case CARD_CLOCK:
        return card->clock_s >= 0 ? clock_text(card->clock_s + moment->frame / FRAMES_PER_SECOND)
                                  : strdup("");
    case CARD_LEFT:
        return left_text(moment);
    case CARD_BAR:
        return strdup("");
    case CARD_STILL:
        break;
    }
    return still_text(node, card);
}

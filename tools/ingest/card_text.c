/* SPDX-License-Identifier: MIT */
#include "tools/ingest/card_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pango/pangocairo.h>

enum {
    LINES_MOST = 40,
    STEPS = 48, /* of size, from the largest down */
    BALANCE_STEPS = 12,
    BODY_LINES_FEW = 3, /* of whole paragraphs, that are made equal all the same */
    BRACKET_MOST = 8,   /* characters inside brackets that stay on one line */
};

/* How much smaller letters may get for a line less. */
#define WORTH_A_LINE 0.72

/* The em square of Chinese characters: so much of it above the base line. */
#define ASCENT 0.88

#define FAMILY "Noto Sans CJK SC"
#define JOINER 0x2060

struct card_letters {
    PangoFontMap *map;
    PangoContext *context;
    cairo_surface_t
        *surface; /* without bounds, beyond which Cairo has no outlines; nothing is drawn */
    cairo_t *cairo;
};

/* --- What stays together ------------------------------------------------------------------- */

static bool is_digit(gunichar c)
{
    return (c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19);
}

static bool is_latin(gunichar c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool opens(gunichar c)
{
    return c == '(' || c == 0xff08;
}

static bool closes(gunichar c)
{
    return c == ')' || c == 0xff09;
}

/* The place of the bracket that ends what begins at `from`, when that is short; else `from`. */
static glong bracket_end(const gunichar *text, glong length, glong from)
{
    for (glong i = from + 1; opens(text[from]) && i < length && i <= from + BRACKET_MOST + 1; i++) {
        if (closes(text[i])) {
            return i;
        }
    }
    return from;
}

/* Between a character and the next. */
static bool is_joint(gunichar before, gunichar after)
{
    const bool is_number = (before == 0x7b2c && is_digit(after)) || /* 第 */
                           (is_digit(before) && g_unichar_iswide(after));
    return is_number || before == 0xb7 || after == 0xb7; /* · of names */
}

/* The blank of "Unit 1" and "Section A". */
static bool is_inside_name(const gunichar *text, glong length, glong i)
{
    const bool is_between = text[i] == ' ' && i > 0 && i + 1 < length && is_latin(text[i - 1]);
    return is_between && (is_digit(text[i + 1]) ||
                          (is_latin(text[i + 1]) && (i + 2 == length || !is_latin(text[i + 2]))));
}

char *card_text_join(const char *text)
{
    glong length = 0;
    gunichar *from = g_utf8_to_ucs4_fast(text, -1, &length);
    GString *joined = g_string_new(NULL);
    glong whole_until = 0;
    for (glong i = 0; i < length; i++) {
        const glong end = bracket_end(from, length, i);
        whole_until = end > whole_until ? end : whole_until;
        g_string_append_unichar(joined, is_inside_name(from, length, i) ? 0xa0 : from[i]);
        if (i + 1 < length && from[i + 1] != '\n' && from[i] != '\n' &&
            (i < whole_until || is_joint(from[i], from[i + 1]))) {
            g_string_append_unichar(joined, JOINER);
        }
    }
    g_free(from);
    char *result = strdup(joined->str);
    g_string_free(joined, TRUE);
    return result;
}

/* --- Fonts --------------------------------------------------------------------------------- */

struct card_letters *card_letters_create(void)
{
    struct card_letters *letters = calloc(1, sizeof(*letters));
    if (letters == NULL) {
        return NULL;
    }
    letters->map = pango_cairo_font_map_new();
    letters->context = pango_font_map_create_context(letters->map);
    letters->surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    letters->cairo = cairo_create(letters->surface);
    /* The same outlines at every size and on every machine. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(letters->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(letters->context, FALSE);
    pango_context_set_language(letters->context, pango_language_from_string("zh-cn"));
    return letters;
}

void card_letters_destroy(struct card_letters *letters)
{
    if (letters != NULL) {
        cairo_destroy(letters->cairo);
        cairo_surface_destroy(letters->surface);
        g_object_unref(letters->context);
        g_object_unref(letters->map);
        free(letters);
    }
}

bool card_letters_has_font(struct card_letters *letters)
{
    PangoFontDescription *wanted = pango_font_description_from_string(FAMILY " 20");
    PangoFont *font = pango_font_map_load_font(letters->map, letters->context, wanted);
    PangoFontDescription *got = font != NULL ? pango_font_describe(font) : NULL;
    const bool has = got != NULL && strcmp(pango_font_description_get_family(got), FAMILY) == 0;
    if (got != NULL) {
        pango_font_description_free(got);
    }
    if (font != NULL) {
        g_object_unref(font);
    }
    pango_font_description_free(wanted);
    return has;
}

/* --- Lines --------------------------------------------------------------------------------- */

static PangoLayout *make_layout(struct card_letters *letters, const char *text)
{
    PangoLayout *layout = pango_layout_new(letters->context);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

/* A root sign is as wide as a Chinese character, and stands close to what it is of. */
static void draw_near(PangoAttrList *attributes, const char *text, double size)
{
    static const char root[] = "\xe2\x88\x9a";
    for (const char *at = strstr(text, root); at != NULL; at = strstr(at + 1, root)) {
        PangoAttribute *nearer = pango_attr_letter_spacing_new((int)(-0.2 * size * PANGO_SCALE));
        nearer->start_index = (guint)(at - text);
        nearer->end_index = nearer->start_index + (guint)strlen(root);
        pango_attr_list_insert(attributes, nearer);
    }
}

static void set_size(PangoLayout *layout, const struct card_box *box, double size)
{
    PangoFontDescription *font = pango_font_description_new();
    PangoAttrList *attributes = pango_attr_list_new();
    pango_font_description_set_family(font, FAMILY);
    pango_font_description_set_weight(font, box->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    if (box->is_moving) {
        pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum"));
    }
    draw_near(attributes, pango_layout_get_text(layout), size);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
}

/* Breaks between words; inside of them only when the letters are small already. */
static void set_width(PangoLayout *layout, double width, bool breaks_words)
{
    pango_layout_set_width(layout, (int)floor(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, breaks_words ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD);
}

struct ink {
    double left;
    double top;
    double right;
    double bottom;
};

static struct ink path_ink(cairo_t *cairo)
{
    struct ink ink;
    cairo_path_extents(cairo, &ink.left, &ink.top, &ink.right, &ink.bottom);
    return ink;
}

static double line_left(cairo_t *cairo, PangoLayoutLine *line, const struct card_box *box)
{
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    struct ink ink = {0, 0, (double)logical.width / PANGO_SCALE, 0};
    if (!box->is_moving) {
        /* By what is seen: a bracket or a full stop has half a character of nothing. */
        cairo_new_path(cairo);
        cairo_move_to(cairo, 0, 0);
        pango_cairo_layout_line_path(cairo, line);
        ink = path_ink(cairo);
        cairo_new_path(cairo);
    }
    const double rest = box->width - (ink.right - ink.left);
    const double part = box->align == CARD_START ? 0 : box->align == CARD_MIDDLE ? 0.5 : 1;
    return rest * part - ink.left;
}

static double block_height(const struct card_box *box, double size, int lines)
{
    return size * (1 + (lines - 1) * box->leading);
}

/* All lines as one path, the first of them from `top` on. */
static struct ink draw_from(cairo_t *cairo, PangoLayout *layout, const struct card_box *box,
                            double size, double top)
{
    const int lines = pango_layout_get_line_count(layout);
    double lefts[LINES_MOST];
    for (int i = 0; i < lines && i < LINES_MOST; i++) {
        lefts[i] = line_left(cairo, pango_layout_get_line_readonly(layout, i), box);
    }
    cairo_new_path(cairo);
    for (int i = 0; i < lines && i < LINES_MOST; i++) {
        cairo_move_to(cairo, box->x + lefts[i], top + size * (ASCENT + i * box->leading));
        pango_cairo_layout_line_path(cairo, pango_layout_get_line_readonly(layout, i));
    }
    return path_ink(cairo);
}

/* In their place in the box: what goes further down, as g, or up, as a root, than Chinese
 * characters, is moved into it. */
static struct ink draw_lines(cairo_t *cairo, PangoLayout *layout, const struct card_box *box,
                             double size)
{
    const int lines = pango_layout_get_line_count(layout);
    const double rest = box->height - block_height(box, size, lines);
    const double part = box->valign == CARD_START ? 0 : box->valign == CARD_MIDDLE ? 0.5 : 1;
    const double top = box->y + rest * part;
    const struct ink ink = draw_from(cairo, layout, box, size, top);
    const double below = ink.bottom - box->y - box->height;
    const double above = box->y - ink.top;
    const double lift = below > 0 ? below : above > 0 ? -above : 0;
    return lift == 0 || ink.right <= ink.left ? ink
                                              : draw_from(cairo, layout, box, size, top - lift);
}

static bool is_inside(const struct card_box *box, struct ink ink)
{
    const double slack = 0.01;
    return ink.left >= box->x - slack && ink.right <= box->x + box->width + slack &&
           ink.top >= box->y - slack && ink.bottom <= box->y + box->height + slack;
}

static double widest(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

/* --- The size ------------------------------------------------------------------------------- */

struct fit {
    double size; /* 0: none */
    int lines;
};

static bool fits(struct card_letters *letters, PangoLayout *layout, const struct card_box *box,
                 struct fit fit)
{
    set_size(layout, box, fit.size);
    const int lines = pango_layout_get_line_count(layout);
    /* Blanks at the end of a line lie beyond its width and are not seen. */
    return lines <= fit.lines && lines <= LINES_MOST &&
           block_height(box, fit.size, lines) <= box->height &&
           widest(layout) <= box->width + fit.size &&
           is_inside(box, draw_lines(letters->cairo, layout, box, fit.size));
}

/* The largest size on so many lines. */
static struct fit find_size(struct card_letters *letters, PangoLayout *layout,
                            const struct card_box *box, int lines)
{
    for (int step = STEPS; step * 20 >= STEPS; step--) {
        const struct fit fit = {box->size * step / STEPS, lines};
        set_width(layout, box->width, step * 2 < STEPS);
        if (fits(letters, layout, box, fit)) {
            return fit;
        }
    }
    return (struct fit){0, lines};
}

/* Fewer lines when that costs little. */
static struct fit choose(struct card_letters *letters, PangoLayout *layout,
                         const struct card_box *box)
{
    const struct fit best = find_size(letters, layout, box, box->lines);
    for (int lines = 1; lines < box->lines && best.size > 0 && !box->is_body; lines++) {
        const struct fit fit = find_size(letters, layout, box, lines);
        if (fit.size >= best.size * WORTH_A_LINE) {
            return fit;
        }
    }
    return best;
}

/* The narrowest column on as many lines: lines of about equal length. */
static void balance(PangoLayout *layout, const struct card_box *box, double size)
{
    const bool breaks_words = size * 2 < box->size;
    set_width(layout, box->width, breaks_words);
    const int lines = pango_layout_get_line_count(layout);
    double narrow = 0;
    double wide = box->width;
    const bool is_short = lines > 1 && (!box->is_body || lines <= BODY_LINES_FEW);
    for (int i = 0; i < BALANCE_STEPS && is_short; i++) {
        const double middle = (narrow + wide) / 2;
        set_width(layout, middle, breaks_words);
        const bool holds =
            pango_layout_get_line_count(layout) == lines && widest(layout) <= middle + size / 2;
        *(holds ? &wide : &narrow) = middle;
    }
    set_width(layout, wide, breaks_words);
}

/* --- Where a sentence pauses ----------------------------------------------------------------- */

static bool pauses(gunichar c)
{
    static const gunichar MARKS[] = {0xff0c, 0x3002, 0xff1b, 0xff1a, 0xff1f, 0xff01, 0x3001, ' '};
    bool is_mark = false;
    for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
        is_mark = is_mark || c == MARKS[i];
    }
    return is_mark;
}

/* The place after the pause that is nearest to the middle, within its third; NULL: none is. */
static const char *find_pause(const char *text)
{
    const glong length = g_utf8_strlen(text, -1);
    const char *best = NULL;
    glong best_off = length / 6 + 1;
    const char *at = text;
    for (glong i = 1; i < length; i++, at = g_utf8_find_next_char(at, NULL)) {
        const glong off = labs(2 * i - length) / 2;
        if (pauses(g_utf8_get_char(at)) && off < best_off) {
            best = g_utf8_find_next_char(at, NULL);
            best_off = off;
        }
    }
    return best;
}

/* Two lines are parted where the sentence pauses, when they have the room. */
static void part_at_pause(struct card_letters *letters, PangoLayout *layout,
                          const struct card_box *box, double size)
{
    char *text = strdup(pango_layout_get_text(layout));
    const char *pause = text != NULL && strchr(text, '\n') == NULL ? find_pause(text) : NULL;
    if (pause != NULL && pango_layout_get_line_count(layout) == 2) {
        char *parted = g_strdup_printf("%.*s\n%s", (int)(pause - text), text, pause);
        pango_layout_set_text(layout, parted, -1);
        set_width(layout, box->width, false);
        if (!fits(letters, layout, box, (struct fit){size, 2})) {
            pango_layout_set_text(layout, text, -1);
            set_size(layout, box, size); /* where signs are drawn near has moved */
            balance(layout, box, size);
        }
        g_free(parted);
    }
    free(text);
}

/* --- The outline ---------------------------------------------------------------------------- */

static char *write_path(cairo_t *cairo)
{
    cairo_path_t *path = cairo_copy_path(cairo);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; out != NULL && i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t *data = &path->data[i];
        const int points = data->header.length - 1;
        fputc("MLCZ"[data->header.type], out);
        for (int k = 1; k <= points; k++) {
            fprintf(out, "%s%.3f %.3f", k > 1 ? " " : "", data[k].point.x, data[k].point.y);
        }
    }
    cairo_path_destroy(path);
    if (out == NULL || fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* With all digits alike, so that what is drawn each second has one size and one place. */
static char *sample_of(const char *text)
{
    char *sample = strdup(text);
    for (char *at = sample; at != NULL && *at != '\0'; at++) {
        *at = *at >= '0' && *at <= '9' ? '8' : *at;
    }
    return sample;
}

static int outline_of(struct card_letters *letters, const struct card_box *box, PangoLayout *layout,
                      struct card_outline *outline)
{
    if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
        return -ENOENT;
    }
    const struct fit fit = choose(letters, layout, box);
    if (fit.size <= 0) {
        return -ENOSPC;
    }
    set_size(layout, box, fit.size);
    balance(layout, box, fit.size);
    part_at_pause(letters, layout, box, fit.size);
    outline->size = fit.size;
    outline->lines = pango_layout_get_line_count(layout);
    return 0;
}

int card_text_outline(struct card_letters *letters, const struct card_box *box, const char *text,
                      struct card_outline *outline)
{
    *outline = (struct card_outline){0};
    char *joined = card_text_join(text);
    char *sample = joined != NULL ? (box->is_moving ? sample_of(joined) : strdup(joined)) : NULL;
    PangoLayout *layout = sample != NULL ? make_layout(letters, sample) : NULL;
    int result = layout != NULL ? outline_of(letters, box, layout, outline) : -ENOMEM;
    if (result == 0) {
        if (box->is_moving) {
            pango_layout_set_text(layout, joined, -1);
        }
        const struct ink ink = draw_lines(letters->cairo, layout, box, outline->size);
        outline->left = ink.left;
        outline->top = ink.top;
        outline->right = ink.right;
        outline->bottom = ink.bottom;
        outline->path = write_path(letters->cairo);
        result = outline->path != NULL ? 0 : -ENOMEM;
        cairo_new_path(letters->cairo);
    }
    if (layout != NULL) {
        g_object_unref(layout);
    }
    free(sample);
    free(joined);
    return result;
}

void card_outline_finish(struct card_outline *outline)
{
    free(outline->path);
    *outline = (struct card_outline){0};
}

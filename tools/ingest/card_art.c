/* SPDX-License-Identifier: MIT */
#include "tools/ingest/card_art.h"

#include "playout/intl.h"
#include "tools/ingest/card_template.h"
#include "tools/ingest/ingest_name.h"
#include "tools/ingest/ingest_picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librsvg/rsvg.h>

enum { SEEN_MOST = 64, COLUMNS_TOLD = 60 };

struct card_art {
    struct card_settings settings;
    struct card_letters *letters;
    char *path; /* of the template */
    char *css;
    gsize css_size;
    xmlDoc *document; /* without what this card has no use for */
    bool moves;
    cairo_surface_t *still;
    cairo_surface_t *picture;
    int64_t drawn; /* the second that `picture` shows; -1: none */
    struct card_seen seen[SEEN_MOST];
    char ids[SEEN_MOST][64];
    size_t seen_count;
};

static int fail_memory(struct ingest_failure *failure)
{
    return ingest_fail(failure, -ENOMEM, _("out of memory"));
}

/* --- Letters into boxes ------------------------------------------------------------------- */

static void remember(struct card_art *art, xmlNode *node, const struct card_box *box,
                     const struct card_outline *outline)
{
    if (art->seen_count == SEEN_MOST) {
        return;
    }
    xmlChar *id = xmlGetProp(node, (const xmlChar *)"id");
    const size_t at = art->seen_count++;
    snprintf(art->ids[at], sizeof(art->ids[at]), "%s", id != NULL ? (const char *)id : "");
    xmlFree(id);
    art->seen[at] = (struct card_seen){art->ids[at], *box, *outline};
    art->seen[at].outline.path = NULL;
}

/* What looks stays: class, style, opacity; what says where and what goes. */
static void copy_looks(const xmlNode *from, xmlNode *to)
{
    static const char *const PLACES[] = {"x", "y", "width", "height", "rx", "ry"};
    for (const xmlAttr *looks = from->properties; looks != NULL; looks = looks->next) {
        const char *name = (const char *)looks->name;
        bool is_place = strncmp(name, "data-", 5) == 0;
        for (size_t i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
            is_place = is_place || strcmp(name, PLACES[i]) == 0;
        }
        xmlChar *value = is_place ? NULL : xmlNodeGetContent((const xmlNode *)looks);
        if (value != NULL) {
            xmlSetProp(to, looks->name, value);
        }
        xmlFree(value);
    }
}

/* In place of the box; the next search goes on from what is returned. */
static xmlNode *replace(xmlNode *node, const char *path)
{
    xmlNode *outline = xmlNewDocNode(node->doc, node->ns, (const xmlChar *)"path", NULL);
    if (outline != NULL) {
        copy_looks(node, outline);
        xmlSetProp(outline, (const xmlChar *)"d", (const xmlChar *)path);
        xmlReplaceNode(node, outline);
        xmlFreeNode(node);
    }
    return outline;
}

static int explain(const struct card_art *art, int result, const char *whole,
                   struct ingest_failure *failure)
{
    char printable[CARD_TEXT_MOST + 8];
    char text[CARD_TEXT_MOST + 8];
    ingest_clip(ingest_printable(whole, printable, sizeof(printable)), COLUMNS_TOLD, text,
                sizeof(text));
    switch (result) {
    case -ENOENT:
        return ingest_fail_film(failure, result,
                                _("no font of this machine has all characters of '%s'"), text);
    case -ENOSPC:
        return ingest_fail_film(failure, result,
                                _("'%s' has no room on a card '%s': make it shorter"), text,
                                art->settings.card->template);
    default:
        return fail_memory(failure);
    }
}

/* A box without a text is not left behind. */
static xmlNode *empty(xmlNode *node)
{
    xmlNode *nothing = xmlNewDocText(node->doc, (const xmlChar *)"");
    if (nothing != NULL) {
        xmlReplaceNode(node, nothing);
        xmlFreeNode(node);
    }
    return nothing;
}

static int fill_text(struct card_art *art, xmlNode **node, const struct card_moment *moment,
                     struct ingest_failure *failure)
{
    struct card_box box;
    struct card_outline outline = {0};
    char *text = card_template_text(*node, art->settings.card, moment);
    int result = text != NULL ? 0 : fail_memory(failure);
    if (result == 0 && !card_template_box(*node, &box)) {
        result = ingest_fail(failure, -EBADMSG,
                             _("%s:%ld: a box for text is a <rect> inside the picture of 1920 x "
                               "1080"),
                             art->path, xmlGetLineNo(*node));
    }
    if (result == 0 && text[0] != '\0') {
        result = card_text_outline(art->letters, &box, text, &outline);
        result = result == 0 ? 0 : explain(art, result, text, failure);
    }
    if (result == 0 && text[0] != '\0') {
        remember(art, *node, &box, &outline);
    }
    if (result == 0) {
        *node = text[0] != '\0' ? replace(*node, outline.path) : empty(*node);
        result = *node != NULL ? 0 : fail_memory(failure);
    }
    card_outline_finish(&outline);
    free(text);
    return result;
}

static void set_number(xmlNode *node, const char *name, double number)
{
    char text[40];
    snprintf(text, sizeof(text), "%.3f", number);
    xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)text);
}

/* As much of its width as is left of the time, full in the first second. */
static void fill_bar(xmlNode *node, const struct card_moment *moment)
{
    const double second = (double)(moment->frame / FRAMES_PER_SECOND * FRAMES_PER_SECOND);
    set_number(node, "width",
               card_template_number(node, "width", 0) * (1 - second / (double)moment->frames));
}

/* Fills either all that stands still, and removes what moves, or the other way around. */
static int fill(struct card_art *art, xmlDoc *document, bool fills_moving,
                const struct card_moment *moment, struct ingest_failure *failure)
{
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *node = card_template_next(root, NULL);
    int result = 0;
    if (root == node && node != NULL) { /* what is emptied would be all there is */
        return ingest_fail(failure, -EINVAL,
                           _("the outermost element of a template cannot be a box"));
    }
    while (node != NULL && result == 0) {
        const enum card_motion motion = card_template_motion(node);
        if ((motion != CARD_STILL) != fills_moving) {
            node = empty(node);
        } else if (motion == CARD_BAR) {
            fill_bar(node, moment);
        } else {
            result = fill_text(art, &node, moment, failure);
        }
        node = node != NULL ? card_template_next(root, node) : NULL;
    }
    return result;
}

/* --- Drawing ------------------------------------------------------------------------------- */

static RsvgHandle *load(const struct card_art *art, xmlDoc *document, GError **error)
{
    xmlChar *bytes = NULL;
    int size = 0;
    xmlDocDumpMemoryEnc(document, &bytes, &size, "UTF-8");
    GFile *base = g_file_new_for_path(art->path);
    GInputStream *stream = g_memory_input_stream_new_from_data(bytes, size, NULL);
    RsvgHandle *handle =
        rsvg_handle_new_from_stream_sync(stream, base, RSVG_HANDLE_FLAG_UNLIMITED, NULL, error);
    if (handle != NULL && art->css != NULL &&
        !rsvg_handle_set_stylesheet(handle, (const guint8 *)art->css, art->css_size, error)) {
        g_object_unref(handle);
        handle = NULL;
    }
    g_object_unref(stream);
    g_object_unref(base);
    xmlFree(bytes);
    return handle;
}

static int fail_drawing(const struct card_art *art, GError *error, struct ingest_failure *failure)
{
    const int result = ingest_fail(failure, -EBADMSG, _("the template %s cannot be drawn: %s"),
                                   art->path, error != NULL ? error->message : strerror(ENOMEM));
    g_clear_error(&error);
    return result;
}

static bool is_surface(cairo_surface_t *surface)
{
    return cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
}

static RsvgRectangle viewport_of(const struct card_art *art)
{
    const struct video_profile *video = art->settings.video;
    return (RsvgRectangle){0, 0, video->width, video->height};
}

static int draw_document(const struct card_art *art, xmlDoc *document, cairo_surface_t *surface,
                         struct ingest_failure *failure)
{
    GError *error = NULL;
    const RsvgRectangle viewport = viewport_of(art);
    RsvgHandle *handle = load(art, document, &error);
    cairo_t *cairo = cairo_create(surface);
    const bool is_drawn =
        handle != NULL && rsvg_handle_render_document(handle, cairo, &viewport, &error);
    cairo_destroy(cairo);
    if (handle != NULL) {
        g_object_unref(handle);
    }
    return is_drawn ? 0 : fail_drawing(art, error, failure);
}

static cairo_surface_t *new_surface(const struct card_art *art)
{
    const struct video_profile *video = art->settings.video;
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, video->width, video->height);
}

static int draw_still(struct card_art *art, struct ingest_failure *failure)
{
    const struct card_moment moment = {0, art->settings.frames};
    xmlDoc *document = xmlCopyDoc(art->document, 1);
    art->still = new_surface(art);
    art->picture = new_surface(art);
    int result = document != NULL && is_surface(art->still) && is_surface(art->picture)
                     ? fill(art, document, false, &moment, failure)
                     : fail_memory(failure);
    result = result == 0 ? draw_document(art, document, art->still, failure) : result;
    xmlFreeDoc(document);
    return result;
}

/* Leaves nothing of the template but what moves, and what says how it looks. */
static void keep_moving(xmlNode *parent)
{
    xmlNode *next = NULL;
    for (xmlNode *node = parent->children; node != NULL; node = next) {
        next = node->next;
        const bool is_looks =
            node->name != NULL && (strcmp((const char *)node->name, "defs") == 0 ||
                                   strcmp((const char *)node->name, "style") == 0);
        if (node->type != XML_ELEMENT_NODE || is_looks ||
            card_template_motion(node) != CARD_STILL) {
            continue;
        }
        keep_moving(node);
        if (card_template_next(node, NULL) == NULL) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
    }
}

static void copy_surface(cairo_surface_t *to, cairo_surface_t *from)
{
    cairo_t *cairo = cairo_create(to);
    cairo_set_operator(cairo, CAIRO_OPERATOR_SOURCE);
    cairo_set_source_surface(cairo, from, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
}

static int draw_moving(struct card_art *art, int64_t frame, struct ingest_failure *failure)
{
    const struct card_moment moment = {frame, art->settings.frames};
    const size_t still_count = art->seen_count;
    xmlDoc *document = xmlCopyDoc(art->document, 1);
    int result = document != NULL ? 0 : fail_memory(failure);
    copy_surface(art->picture, art->still);
    if (result == 0) {
        keep_moving(xmlDocGetRootElement(document));
        result = fill(art, document, true, &moment, failure);
        result = result == 0 ? draw_document(art, document, art->picture, failure) : result;
    }
    xmlFreeDoc(document);
    cairo_surface_flush(art->picture);
    art->seen_count = art->drawn < 0 ? art->seen_count : still_count;
    return result;
}

/* A number that changes with the clock and, perhaps at another frame, with what is left. */
static int64_t second_of(const struct card_art *art, int64_t frame)
{
    return frame / FRAMES_PER_SECOND * FRAMES_PER_SECOND +
           (frame % FRAMES_PER_SECOND >= art->settings.frames % FRAMES_PER_SECOND ? 1 : 0);
}

int card_art_draw(struct card_art *art, int64_t frame, cairo_surface_t **picture, bool *is_new,
                  struct ingest_failure *failure)
{
    const int64_t second = art->moves ? second_of(art, frame) : 0;
    *is_new = second != art->drawn;
    *picture = art->moves ? art->picture : art->still;
    if (!*is_new) {
        return 0;
    }
    const int result = art->moves ? draw_moving(art, frame, failure) : 0;
    art->drawn = second;
    return result;
}

bool card_art_moves(const struct card_art *art)
{
    return art->moves;
}

size_t card_art_seen(const struct card_art *art, const struct card_seen **seen)
{
    *seen = art->seen;
    return art->seen_count;
}

/* --- The template -------------------------------------------------------------------------- */

/*
 * The whole picture of the profile is drawn, also what of it lies beside 16:9:
 * there the background goes on.
 */
static void set_view(const struct card_art *art, xmlNode *root)
{
    const struct video_profile *video = art->settings.video;
    const struct ingest_geometry fit =
        ingest_fit(video, CARD_UNITS_WIDE, CARD_UNITS_HIGH, (AVRational){1, 1}, 0);
    const double wide = (double)CARD_UNITS_WIDE * video->width / fit.width;
    const double high = (double)CARD_UNITS_HIGH * video->height / fit.height;
    char view[160];
    snprintf(view, sizeof(view), "%.4f %.4f %.4f %.4f", (CARD_UNITS_WIDE - wide) / 2,
             (CARD_UNITS_HIGH - high) / 2, wide, high);
    xmlSetProp(root, (const xmlChar *)"viewBox", (const xmlChar *)view);
    xmlSetProp(root, (const xmlChar *)"preserveAspectRatio", (const xmlChar *)"none");
    set_number(root, "width", video->width);
    set_number(root, "height", video->height);
    xmlSetProp(
        root, (const xmlChar *)"class",
        (const xmlChar *)(art->settings.card->band[0] != '\0' ? art->settings.card->band : "all"));
}

static bool find_motion(xmlNode *root)
{
    for (xmlNode *node = card_template_next(root, NULL); node != NULL;
         node = card_template_next(root, node)) {
        if (card_template_motion(node) != CARD_STILL) {
            return true;
        }
    }
    return false;
}

static int read_template(struct card_art *art, struct ingest_failure *failure)
{
    const struct card_settings *settings = &art->settings;
    char *css = NULL;
    if (asprintf(&art->path, "%s/%s.svg", settings->folder, settings->card->template) < 0 ||
        asprintf(&css, "%s/cards.css", settings->folder) < 0) {
        return fail_memory(failure);
    }
    (void)g_file_get_contents(css, &art->css, &art->css_size, NULL); /* there may be none */
    free(css);
    if (access(art->path, R_OK) < 0) {
        return ingest_fail_film(failure, -ENOENT, _("there is no template %s: %s"), art->path,
                                strerror(errno));
    }
    art->document = card_template_read(art->path);
    xmlNode *root = art->document != NULL ? xmlDocGetRootElement(art->document) : NULL;
    if (root == NULL || strcmp((const char *)root->name, "svg") != 0) {
        return ingest_fail(failure, -EBADMSG, _("the template %s cannot be drawn: %s"), art->path,
                           _("it is no SVG"));
    }
    set_view(art, root);
    card_template_choose(root, settings->card);
    art->moves = find_motion(root);
    return 0;
}

static int prepare(struct card_art *art, struct ingest_failure *failure)
{
    art->letters = card_letters_create();
    if (art->letters == NULL) {
        return fail_memory(failure);
    }
    if (!card_letters_has_font(art->letters)) {
        return ingest_fail(failure, -ENOENT,
                           _("this machine has no font Noto Sans CJK SC: install fonts-noto-cjk"));
    }
    const int result = read_template(art, failure);
    return result < 0 ? result : draw_still(art, failure);
}

int card_art_open(struct card_art **art, const struct card_settings *settings,
                  struct ingest_failure *failure)
{
    struct card_art *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return fail_memory(failure);
    }
    fresh->settings = *settings;
    fresh->drawn = -1;
    const int result = prepare(fresh, failure);
    if (result < 0) {
        card_art_close(fresh);
        return result;
    }
    *art = fresh;
    return 0;
}

void card_art_close(struct card_art *art)
{
    if (art == NULL) {
        return;
    }
    if (art->still != NULL) {
        cairo_surface_destroy(art->still);
    }
    if (art->picture != NULL) {
        cairo_surface_destroy(art->picture);
    }
    xmlFreeDoc(art->document);
    card_letters_destroy(art->letters);
    g_free(art->css);
    free(art->path);
    free(art);
}

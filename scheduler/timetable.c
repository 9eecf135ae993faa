/* SPDX-License-Identifier: MIT */
#include "scheduler/timetable.h"

#include "playout/intl.h"
#include "scheduler/timetable_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct lesson *timetable_lesson(const struct timetable *timetable, const char *house_number)
{
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        if (strcmp(timetable->lessons[i].house_number, house_number) == 0) {
            return &timetable->lessons[i];
        }
    }
    return NULL;
}

size_t timetable_period(const struct timetable *timetable, const char *name)
{
    size_t index = 0;
    while (index < timetable->period_count && strcmp(timetable->periods[index].name, name) != 0) {
        index++;
    }
    return index;
}

bool timetable_accepts(const struct timetable *timetable, const char *name)
{
    for (size_t i = 0; i < timetable->accepted_count; i++) {
        if (strcmp(timetable->accepted[i].warning, name) == 0) {
            return true;
        }
    }
    return false;
}

void timetable_warn(const struct timetable *timetable, struct problems *problems, const char *name,
                    const struct place *place, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    if (timetable_accepts(timetable, name)) {
        return;
    }
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    const bool has_place = place != NULL && place->file != NULL;
    problems_warn(problems, name, has_place ? place->file->path : timetable->file->path,
                  has_place ? place->line : 0, 0, "%s", text != NULL ? text : "");
    free(text);
}

/* --- Lifecycle -------------------------------------------------------------------- */

void timetable_destroy(struct timetable *timetable)
{
    if (timetable == NULL) {
        return;
    }
    struct timetable_store *store = (struct timetable_store *)timetable;
    for (size_t i = 0; i < timetable->layer_count; i++) {
        free(timetable->layers[i].cells);
    }
    for (size_t i = 0; i < timetable->fixture_count; i++) {
        free(timetable->fixtures[i].list);
    }
    free(timetable->lessons);
    free(timetable->periods);
    free(timetable->layers);
    free(timetable->fixtures);
    free(timetable->repeats);
    free(timetable->fillers);
    free(timetable->changes);
    free(timetable->accepted);
    free(timetable->shifted);
    date_rules_finish(&timetable->dates);
    for (size_t i = 0; i < store->file_count; i++) {
        yaml_tree_destroy(store->files[i].tree);
        free(store->files[i].path);
    }
    free(store->files);
    calendar_destroy(store->calendar);
    free(store);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Takes ownership of the tree. */
static int add_file(struct timetable_store *store, const char *path, struct yaml_tree *tree)
{
    struct draft_file *file = &store->files[store->file_count];
    *file = (struct draft_file){.tree = tree, .path = strdup(path)};
    if (file->path == NULL) {
        yaml_tree_destroy(tree);
        return -ENOMEM;
    }
    file->names = (struct source_file){file->path, base_name(file->path)};
    store->file_count++;
    return 0;
}

/* --- Reading, step by step ---------------------------------------------------------- */

bool timetable_is_base(const struct draft_file *file)
{
    const struct yaml_node *root = yaml_tree_root(file->tree);
    return root->type == YAML_TREE_MAPPING && yaml_node_get(root, "periods") != NULL;
}

/* Puts the file with the periods first. */
static int choose_base(struct timetable_store *store, struct problems *problems)
{
    size_t base = store->file_count;
    int result = 0;
    for (size_t i = 0; i < store->file_count; i++) {
        if (!timetable_is_base(&store->files[i])) {
            continue;
        }
        if (base < store->file_count) {
            problems_add(problems, PROBLEM_ERROR, store->files[i].path, 0, 0,
                         _("the channel has its periods in %s already; keep one of the files, or "
                           "take 'periods' out of the addition"),
                         store->files[base].names.name);
            result = -EINVAL;
        } else {
            base = i;
        }
    }
    if (base == store->file_count) {
        const struct yaml_node *root = yaml_tree_root(store->files[0].tree);
        problems_add(problems, PROBLEM_ERROR, store->files[0].path, root->line, root->column,
                     _("'periods' is missing; an addition is read together with the timetable of "
                       "its channel: name both files, or none"));
        return -EINVAL;
    }
    const struct draft_file first = store->files[0];
    store->files[0] = store->files[base];
    store->files[base] = first;
    for (size_t i = 0; i < store->file_count; i++) {
        struct draft_file *file = &store->files[i];
        file->names = (struct source_file){file->path, base_name(file->path)};
    }
    return result;
}

static void check_same_channel(const struct draft *draft)
{
    const struct yaml_node *channel = reader_get(draft->root, "channel");
    if (channel != NULL && channel->type == YAML_TREE_SCALAR &&
        strcmp(channel->text, draft->timetable->channel) != 0) {
        reader_complain(&draft->reader, channel, _("this is an addition to channel '%s'"),
                        draft->timetable->channel);
    }
}

/* One step for one file, or for all of them. */
static int read_files(struct timetable_store *store, struct draft *draft,
                      int (*step)(struct draft *draft), size_t count)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        draft->reader.file = &store->files[i].names;
        draft->root = yaml_tree_root(store->files[i].tree);
        result = draft->root->type == YAML_TREE_MAPPING ? step(draft) : 0;
    }
    return result;
}

static void check_shapes(struct timetable_store *store, struct draft *draft)
{
    for (size_t i = 0; i < store->file_count; i++) {
        const struct draft_file *file = &store->files[i];
        draft->reader.file = &file->names;
        draft->root = yaml_tree_root(file->tree);
        (void)reader_check(&draft->reader, draft->root,
                           timetable_is_base(file) ? &timetable_shape : &addition_shape);
        if (i == 0) {
            draft->timetable->channel = reader_text(draft->root, "channel", "");
        } else {
            check_same_channel(draft);
        }
    }
}

static int read_all(struct timetable_store *store, const struct station *station,
                    struct problems *problems)
{
    struct timetable *timetable = &store->timetable;
    struct draft draft = {
        .reader = {.problems = problems}, .timetable = timetable, .station = station};
    const size_t all = store->file_count;
    int result = choose_base(store, problems);
    timetable->file = &store->files[0].names;
    timetable->calendar = store->calendar;
    check_shapes(store, &draft);
    if (result < 0) {
        return result;
    }
    if ((result = read_files(store, &draft, timetable_read_head, 1)) < 0 ||
        (result = read_files(store, &draft, timetable_read_lessons, all)) < 0 ||
        (result = read_files(store, &draft, timetable_read_grids, all)) < 0 ||
        (result = read_files(store, &draft, timetable_read_fixtures, 1)) < 0 ||
        (result = read_files(store, &draft, timetable_read_repeats, 1)) < 0 ||
        (result = read_files(store, &draft, timetable_read_fillers, 1)) < 0 ||
        (result = read_files(store, &draft, timetable_read_changes, all)) < 0 ||
        (result = read_files(store, &draft, timetable_read_accepted, all)) < 0) {
        return result;
    }
    return 0;
}

static int read_and_check(struct timetable_store *store, const struct station *station,
                          struct problems *problems)
{
    const size_t errors = problems->errors;
    int result = read_all(store, station, problems);
    if (result < 0 || problems->errors > errors) {
        return result < 0 ? result : -EINVAL;
    }
    result = timetable_shift_days(&store->timetable, problems);
    if (result == 0) {
        timetable_check(&store->timetable, problems);
    }
    return result < 0 || problems->errors == errors ? result : -EINVAL;
}

/* --- Files ------------------------------------------------------------------------- */

static struct timetable_store *create_store(size_t files)
{
    struct timetable_store *store = calloc(1, sizeof(*store));
    if (store != NULL) {
        store->files = calloc(files + 1, sizeof(store->files[0]));
    }
    if (store != NULL && store->files == NULL) {
        free(store);
        return NULL;
    }
    return store;
}

/* Hands the timetable over, or destroys it. */
static int finish(struct timetable_store *store, int result, struct timetable **timetable)
{
    if (result < 0) {
        timetable_destroy(&store->timetable);
        return result;
    }
    *timetable = &store->timetable;
    return 0;
}

int timetable_load(const char *const *paths, size_t count, const struct station *station,
                   struct timetable **timetable, struct problems *problems)
{
    struct timetable_store *store = create_store(count);
    int result = store != NULL ? 0 : -ENOMEM;
    int failure = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        struct yaml_tree *tree = NULL;
        const int loaded = yaml_tree_load(paths[i], &tree, problems);
        failure = loaded < 0 ? loaded : failure; /* the mistakes of the others are told too */
        result = loaded == 0 ? add_file(store, paths[i], tree) : 0;
    }
    if (store == NULL) {
        return -ENOMEM;
    }
    if (result == 0 && store->file_count > 0) {
        result = timetable_load_calendar(store, paths[0], problems);
    }
    if (result == 0 && store->file_count > 0) {
        result = read_and_check(store, station, problems);
    }
    return finish(store, result < 0 ? result : failure, timetable);
}

int timetable_parse(const struct timetable_source *sources, size_t count,
                    const struct station *station, struct calendar *calendar,
                    struct timetable **timetable, struct problems *problems)
{
    struct timetable_store *store = create_store(count);
    int result = 0;
    if (store == NULL) {
        calendar_destroy(calendar);
        return -ENOMEM;
    }
    store->calendar = calendar;
    for (size_t i = 0; result == 0 && i < count; i++) {
        struct yaml_tree *tree = NULL;
        result =
            yaml_tree_parse(sources[i].path, sources[i].bytes, sources[i].size, &tree, problems);
        result = result == 0 ? add_file(store, sources[i].path, tree) : result;
    }
    if (result == 0) {
        result = count > 0 ? read_and_check(store, station, problems) : -EINVAL;
    }
    return finish(store, result, timetable);
}

char *timetable_channel_of(const char *path, struct problems *problems)
{
    struct yaml_tree *tree = NULL;
    char *channel = NULL;
    if (yaml_tree_load(path, &tree, problems) < 0) {
        return NULL;
    }
    const struct yaml_node *root = yaml_tree_root(tree);
    const char *text = reader_text(root, "channel", NULL);
    if (text != NULL) {
        channel = strdup(text);
    } else {
        problems_add(problems, PROBLEM_ERROR, path, root->line, root->column, _("'%s' is missing"),
                     "channel");
    }
    yaml_tree_destroy(tree);
    return channel;
}

void timetable_lesson_title(const struct lesson *lesson, char *text, size_t size)
{
    const bool has_title = strcmp(lesson->title, lesson->subject) != 0; /* "音乐 音乐" */
    snprintf(text, size, "%s%s%s%s%s", lesson->grade, lesson->grade[0] != '\0' ? " " : "",
             lesson->subject, lesson->subject[0] != '\0' && has_title ? " " : "",
             has_title ? lesson->title : "");
}

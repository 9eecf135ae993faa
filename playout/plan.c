/* SPDX-License-Identifier: MIT */
#include "playout/plan.h"

#include "playout/intl.h"
#include "playout/plan_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    FIRST_EVENTS = 16,
    FIRST_STRINGS = 64,
};

static const char *const kind_names[] = {
    [EVENT_LESSON] = N_("lesson"), [EVENT_REPEAT] = N_("repeat"), [EVENT_FILLER] = N_("filler"),
    [EVENT_CARD] = N_("card"),     [EVENT_IDENT] = N_("ident"),   [EVENT_SLATE] = N_("slate"),
    [EVENT_LIVE] = N_("live"),
};

enum { KIND_COUNT = sizeof(kind_names) / sizeof(kind_names[0]) };

const char *event_kind_name(enum event_kind kind)
{
    return kind_names[kind];
}

int event_kind_parse(const char *name, enum event_kind *kind)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(name, kind_names[i]) == 0) {
            *kind = (enum event_kind)i;
            return 0;
        }
    }
    return -EINVAL;
}

static struct plan_store *store_of(struct plan *plan)
{
    return (struct plan_store *)plan;
}

struct plan *plan_create(void)
{
    struct plan_store *store = calloc(1, sizeof(*store));
    return store != NULL ? &store->plan : NULL;
}

void plan_destroy(struct plan *plan)
{
    if (plan == NULL) {
        return;
    }
    struct plan_store *store = store_of(plan);
    for (size_t i = 0; i < store->string_capacity; i++) {
        free(store->strings[i]);
    }
    free(store->strings);
    free(plan->channel);
    free(plan->fillers);
    free(plan->amendments);
    free(plan->events);
    free(store);
}

/* FNV-1a. */
static size_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *at = text; *at != '\0'; at++) {
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
    }
    return (size_t)(hash ^ hash >> 32);
}

static char **find_string(char **strings, size_t capacity, const char *text)
{
    size_t at = hash_of(text) & (capacity - 1);
    while (strings[at] != NULL && strcmp(strings[at], text) != 0) {
        at = (at + 1) & (capacity - 1);
    }
    return &strings[at];
}

static int grow_strings(struct plan_store *store)
{
    const size_t capacity =
        store->string_capacity > 0 ? store->string_capacity * 2 : (size_t)FIRST_STRINGS;
    char **strings = calloc(capacity, sizeof(strings[0]));
    if (strings == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < store->string_capacity; i++) {
        if (store->strings[i] != NULL) {
            *find_string(strings, capacity, store->strings[i]) = store->strings[i];
        }
    }
    free(store->strings);
    store->strings = strings;
    store->string_capacity = capacity;
    return 0;
}

const char *plan_intern(struct plan *plan, const char *text)
{
    struct plan_store *store = store_of(plan);
    if (store->string_count * 2 >= store->string_capacity && grow_strings(store) < 0) {
        return NULL;
    }
    char **place = find_string(store->strings, store->string_capacity, text);
    if (*place == NULL) {
        *place = strdup(text);
        store->string_count += *place != NULL;
    }
    return *place;
}

int plan_append_interned(struct plan *plan, const struct plan_event *event)
{
    struct plan_store *store = store_of(plan);
    if (plan->event_count == store->event_capacity) {
        const size_t capacity =
            store->event_capacity > 0 ? store->event_capacity * 2 : (size_t)FIRST_EVENTS;
        struct plan_event *grown = realloc(plan->events, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        plan->events = grown;
        store->event_capacity = capacity;
    }
    plan->events[plan->event_count++] = *event;
    return 0;
}

int plan_append_interned_amendment(struct plan *plan, const struct plan_amendment *amendment)
{
    struct plan_amendment *grown =
        realloc(plan->amendments, (plan->amendment_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    plan->amendments = grown;
    grown[plan->amendment_count++] = *amendment;
    return 0;
}

void plan_trim(struct plan *plan)
{
    struct plan_store *store = store_of(plan);
    if (plan->event_count == 0 || plan->event_count == store->event_capacity) {
        return;
    }
    struct plan_event *fitted = realloc(plan->events, plan->event_count * sizeof(*fitted));
    if (fitted != NULL) {
        plan->events = fitted;
        store->event_capacity = plan->event_count;
    }
}

/* Replaces strings by the plan's own; 0 or -ENOMEM. */
static int intern_all(struct plan *plan, const char **const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (*texts[i] != NULL && (*texts[i] = plan_intern(plan, *texts[i])) == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

int plan_append(struct plan *plan, const struct plan_event *event)
{
    struct plan_event copy = *event;
    copy.asset = copy.asset != NULL ? copy.asset : "";
    const char **const texts[] = {
        &copy.asset,      &copy.house_number, &copy.title,  &copy.text,          &copy.genre,
        &copy.instead_of, &copy.reason,       &copy.source, &copy.timetable_day, &copy.live};
    const int result = intern_all(plan, texts, sizeof(texts) / sizeof(texts[0]));
    return result < 0 ? result : plan_append_interned(plan, &copy);
}

int plan_append_amendment(struct plan *plan, const struct plan_amendment *amendment)
{
    struct plan_amendment copy = *amendment;
    const char **const texts[] = {
        &copy.kind,  &copy.mode,   &copy.house_number, &copy.asset,      &copy.live,
        &copy.title, &copy.reason, &copy.author,       &copy.end_reason, &copy.end_author};
    const int result = intern_all(plan, texts, sizeof(texts) / sizeof(texts[0]));
    return result < 0 ? result : plan_append_interned_amendment(plan, &copy);
}

ptrdiff_t plan_find(const struct plan *plan, int64_t frame)
{
    size_t low = 0;
    size_t high = plan->event_count; /* the first event that ends after `frame` is in [low, high] */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct plan_event *event = &plan->events[middle];
        if (event->start + event->duration <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == plan->event_count || plan->events[low].start > frame) {
        return -1;
    }
    return (ptrdiff_t)low;
}

const struct plan_amendment *plan_find_order(const struct plan *plan, int64_t id)
{
    for (size_t i = 0; plan != NULL && id != 0 && i < plan->amendment_count; i++) {
        if (plan->amendments[i].id == id) {
            return &plan->amendments[i];
        }
    }
    return NULL;
}

const struct plan_amendment *plan_order(const struct plan *plan, const struct plan_event *event)
{
    return event != NULL ? plan_find_order(plan, event->amendment) : NULL;
}

bool event_is_programme(const struct plan_event *event)
{
    return (event->kind != EVENT_FILLER && event->kind != EVENT_SLATE) || event->is_fixed ||
           event->instead_of != NULL;
}

/* True when the event and the one before it are parts of one programme. */
static bool goes_on(const struct plan *plan, size_t index)
{
    return index > 0 && plan->events[index - 1].programme == plan->events[index].programme;
}

static bool begins_programme(const struct plan *plan, size_t index)
{
    return event_is_programme(&plan->events[index]) && !goes_on(plan, index);
}

size_t plan_next_programme(const struct plan *plan, int64_t frame)
{
    size_t index = 0;
    while (index < plan->event_count &&
           (plan->events[index].start <= frame || !begins_programme(plan, index))) {
        index++;
    }
    return index;
}

int64_t plan_programme_end(const struct plan *plan, size_t index)
{
    size_t first = index;
    while (goes_on(plan, first)) {
        first--;
    }
    const bool is_between = !begins_programme(plan, first);
    size_t next = index + 1;
    while (next < plan->event_count &&
           (goes_on(plan, next) || (is_between && !begins_programme(plan, next)))) {
        next++;
    }
    const struct plan_event *last = &plan->events[next - 1];
    return last->start + last->duration;
}

/* N of "N.yaml", or 0. */
static int64_t revision_of(const char *name)
{
    char *end = NULL;
    if (name[0] < '1' || name[0] > '9') {
        return 0;
    }
    errno = 0;
    const long long revision = strtoll(name, &end, 10);
    return errno == 0 && strcmp(end, ".yaml") == 0 ? revision : 0;
}

int64_t plan_latest_revision(const char *folder)
{
    int64_t latest = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        const int64_t revision = revision_of(entry->d_name);
        latest = revision > latest ? revision : latest;
    }
    closedir(dir);
    return latest;
}

int plan_lock_folder(const char *folder, bool waits)
{
    char *path = NULL;
    if (asprintf(&path, "%s/.lock", folder) < 0) {
        return -ENOMEM;
    }
    const int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    free(path);
    if (lock < 0) {
        return -errno;
    }
    if (flock(lock, waits ? LOCK_EX : LOCK_EX | LOCK_NB) < 0) {
        const int result = -errno;
        close(lock);
        return result;
    }
    return lock;
}

/* SPDX-License-Identifier: MIT */
#include "playout/shelf.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    STACK_SIZE = 64 * 1024, /* hashing goes through a buffer on the heap */
    CHECK_NICE = 15,
    KNOWN_SOUND = 256, /* files remembered as sound; beyond that they are read again */
};

enum verdict { UNCHECKED, CHECKING, SOUND, DAMAGED };

struct shelved {
    struct asset *asset;
    enum verdict verdict;
    bool is_wanted; /* since the last tidying */
};

/* A file that was read whole and found sound: never read again unless it changes. */
struct known {
    char sha256[SHA256_HEX_SIZE];
    ino_t inode;
    struct timespec changed;
};

struct shelf {
    const char *media;
    bool is_trusting;
    struct shelved *items;
    size_t count;
    struct known known[KNOWN_SOUND];
    size_t known_next;

    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    /* Under the mutex: */
    bool is_stopping;
    struct asset *job; /* to be checked; a reference */
    bool is_done;
    int result;
};

static void *check(void *argument)
{
    struct shelf *shelf = argument;
    /* Linux: the priority of this thread alone. */
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), CHECK_NICE);
    pthread_mutex_lock(&shelf->mutex);
    while (!shelf->is_stopping) {
        if (shelf->job == NULL || shelf->is_done) {
            pthread_cond_wait(&shelf->wake, &shelf->mutex);
            continue;
        }
        const struct asset *asset = shelf->job;
        pthread_mutex_unlock(&shelf->mutex);
        const int result = asset_verify(asset);
        pthread_mutex_lock(&shelf->mutex);
        shelf->result = result;
        shelf->is_done = true;
    }
    pthread_mutex_unlock(&shelf->mutex);
    return NULL;
}

int shelf_create(const char *media, struct shelf **shelf)
{
    struct shelf *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->media = media;
    pthread_mutex_init(&fresh->mutex, NULL);
    pthread_cond_init(&fresh->wake, NULL);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    const int result = pthread_create(&fresh->thread, &attributes, check, fresh);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        pthread_cond_destroy(&fresh->wake);
        pthread_mutex_destroy(&fresh->mutex);
        free(fresh);
        return -result;
    }
    *shelf = fresh;
    return 0;
}

void shelf_destroy(struct shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    pthread_mutex_lock(&shelf->mutex);
    shelf->is_stopping = true;
    pthread_cond_signal(&shelf->wake);
    pthread_mutex_unlock(&shelf->mutex);
    pthread_join(shelf->thread, NULL);
    pthread_cond_destroy(&shelf->wake);
    pthread_mutex_destroy(&shelf->mutex);
    asset_unref(shelf->job);
    for (size_t i = 0; i < shelf->count; i++) {
        asset_unref(shelf->items[i].asset);
    }
    free(shelf->items);
    free(shelf);
}

static struct shelved *find(const struct shelf *shelf, const char *sha256)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (strcmp(asset_sha256(shelf->items[i].asset), sha256) == 0) {
            return &shelf->items[i];
        }
    }
    return NULL;
}

static bool identify(const struct shelf *shelf, const char *sha256, struct known *known)
{
    struct stat status;
    char *path = asset_path(shelf->media, sha256, "mp4");
    const bool is_there = path != NULL && stat(path, &status) == 0;
    free(path);
    if (is_there) {
        memcpy(known->sha256, sha256, SHA256_HEX_SIZE);
        known->inode = status.st_ino;
        known->changed = status.st_mtim;
    }
    return is_there;
}

static bool is_known_sound(const struct shelf *shelf, const char *sha256)
{
    struct known file = {0};
    if (!identify(shelf, sha256, &file)) {
        return false;
    }
    for (size_t i = 0; i < KNOWN_SOUND; i++) {
        const struct known *known = &shelf->known[i];
        if (strcmp(known->sha256, sha256) == 0 && known->inode == file.inode &&
            known->changed.tv_sec == file.changed.tv_sec &&
            known->changed.tv_nsec == file.changed.tv_nsec) {
            return true;
        }
    }
    return false;
}

static void remember_sound(struct shelf *shelf, const char *sha256)
{
    if (identify(shelf, sha256, &shelf->known[shelf->known_next])) {
        shelf->known_next = (shelf->known_next + 1) % KNOWN_SOUND;
    }
}

int shelf_want(struct shelf *shelf, const char *sha256, struct asset **asset)
{
    struct shelved *item = find(shelf, sha256);
    if (item == NULL) {
        struct shelved *grown = realloc(shelf->items, (shelf->count + 1) * sizeof(shelf->items[0]));
        if (grown == NULL) {
            return -ENOMEM;
        }
        shelf->items = grown;
        item = &grown[shelf->count];
        *item = (struct shelved){0};
        const int result = asset_open(shelf->media, sha256, false, &item->asset);
        if (result < 0) {
            return result;
        }
        item->verdict = shelf->is_trusting || is_known_sound(shelf, sha256) ? SOUND : UNCHECKED;
        shelf->count++;
    }
    item->is_wanted = true;
    *asset = item->asset;
    return item->verdict == DAMAGED ? -EBADMSG : 0;
}

void shelf_trust(struct shelf *shelf)
{
    shelf->is_trusting = true;
}

void shelf_condemn(struct shelf *shelf, const char *sha256)
{
    struct shelved *item = find(shelf, sha256);
    if (item != NULL) {
        item->verdict = DAMAGED;
    }
}

bool shelf_is_sound(const struct shelf *shelf, const char *sha256)
{
    const struct shelved *item = find(shelf, sha256);
    return item != NULL && item->verdict == SOUND;
}

static void take_result(struct shelf *shelf)
{
    struct shelved *item = find(shelf, asset_sha256(shelf->job));
    if (item != NULL && item->asset == shelf->job && item->verdict == CHECKING) {
        item->verdict = shelf->result == 0 ? SOUND : DAMAGED;
    }
    if (shelf->result == 0) {
        remember_sound(shelf, asset_sha256(shelf->job));
    }
    asset_unref(shelf->job);
    shelf->job = NULL;
    shelf->is_done = false;
}

static void give_job(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        struct shelved *item = &shelf->items[i];
        if (item->verdict == UNCHECKED) {
            item->verdict = CHECKING;
            shelf->job = asset_ref(item->asset);
            pthread_cond_signal(&shelf->wake);
            return;
        }
    }
}

void shelf_tidy(struct shelf *shelf)
{
    pthread_mutex_lock(&shelf->mutex);
    if (shelf->job != NULL && shelf->is_done) {
        take_result(shelf);
    }
    if (shelf->job == NULL) {
        give_job(shelf);
    }
    pthread_mutex_unlock(&shelf->mutex);

    size_t kept = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        struct shelved *item = &shelf->items[i];
        if (!item->is_wanted) {
            asset_unref(item->asset);
            continue;
        }
        item->is_wanted = false;
        shelf->items[kept++] = *item;
    }
    shelf->count = kept;
}

/* SPDX-License-Identifier: MIT */
#include "playout/alarms.h"

#include <stdlib.h>
#include <string.h>

static void remove_at(struct alarms *alarms, size_t i)
{
    free(alarms->items[i].key);
    free(alarms->items[i].text);
    alarms->count--;
    memmove(&alarms->items[i], &alarms->items[i + 1],
            (alarms->count - i) * sizeof(alarms->items[0]));
}

void alarms_finish(struct alarms *alarms)
{
    while (alarms->count > 0) {
        remove_at(alarms, alarms->count - 1);
    }
    free(alarms->items);
    *alarms = (struct alarms){0};
}

static struct alarm *find(struct alarms *alarms, const char *key)
{
    for (size_t i = 0; i < alarms->count; i++) {
        if (strcmp(alarms->items[i].key, key) == 0) {
            return &alarms->items[i];
        }
    }
    return NULL;
}

static bool change(struct alarm *alarm, int64_t until_ms, const char *text)
{
    alarm->until_ms = until_ms;
    char *copy = strcmp(alarm->text, text) != 0 ? strdup(text) : NULL;
    if (copy == NULL) {
        return false;
    }
    free(alarm->text);
    alarm->text = copy;
    return true;
}

bool alarms_raise(struct alarms *alarms, const char *key, int64_t now_ms, int64_t until_ms,
                  const char *text)
{
    struct alarm *standing = find(alarms, key);
    if (standing != NULL) {
        return change(standing, until_ms, text);
    }
    struct alarm *grown = realloc(alarms->items, (alarms->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    alarms->items = grown;
    struct alarm *alarm = &grown[alarms->count];
    *alarm = (struct alarm){
        .key = strdup(key), .text = strdup(text), .since_ms = now_ms, .until_ms = until_ms};
    if (alarm->key == NULL || alarm->text == NULL) {
        free(alarm->key);
        free(alarm->text);
        return false;
    }
    alarms->count++;
    return true;
}

bool alarms_clear(struct alarms *alarms, const char *key)
{
    const struct alarm *standing = find(alarms, key);
    if (standing == NULL) {
        return false;
    }
    remove_at(alarms, (size_t)(standing - alarms->items));
    return true;
}

void alarms_expire(struct alarms *alarms, int64_t now_ms)
{
    for (size_t i = alarms->count; i-- > 0;) {
        if (alarms->items[i].until_ms <= now_ms) {
            remove_at(alarms, i);
        }
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * settings: reading a group of libconfig settings, mistakes told one by one.
 *
 * Goes on whatever it finds, so that all mistakes of a file are told at once:
 * a setting that is missing or wrong is put into *problems, by file and line,
 * and the least legal value is returned.
 */
#ifndef PLAYOUT_SETTINGS_H
#define PLAYOUT_SETTINGS_H

#include "playout/problems.h"

#include <libconfig.h>
#include <stdbool.h>
#include <stdint.h>

/* Where a setting is looked for, and where its problems go. */
struct settings {
    const char *file;
    struct problems *problems;
    const config_setting_t *group;
    const char *name; /* of the group, for messages */
};

/* Line of the group, or 0. */
int settings_line(const struct settings *settings);

/* The setting, or NULL, which is told when it `must_be`. */
const config_setting_t *settings_find(const struct settings *settings, const char *key,
                                      bool must_be);

bool settings_has(const struct settings *settings, const char *key);

/* "setting 'key' must be `wanted`"; nothing when the setting is missing. */
void settings_complain(const struct settings *settings, const char *key, const char *wanted);

int64_t settings_integer(const struct settings *settings, const char *key, int64_t least,
                         int64_t most);
/* The same; `otherwise` when it is missing. */
int64_t settings_integer_or(const struct settings *settings, const char *key, int64_t least,
                            int64_t most, int64_t otherwise);
double settings_decimal(const struct settings *settings, const char *key, double least,
                        double most);
bool settings_switch_or(const struct settings *settings, const char *key, bool otherwise);

/* Allocated; NULL when it is missing or out of memory. */
char *settings_text(const struct settings *settings, const char *key);

/* The place of a word among `words` (NULL at the end); 0 when it is none, which is told. */
int settings_word(const struct settings *settings, const char *key, const char *const *words);
int settings_word_or(const struct settings *settings, const char *key, const char *const *words,
                     int otherwise);

/* Every setting must be one that we know: a misspelt one would else be ignored. */
void settings_check_keys(const struct settings *settings, const char *const *known);

/* A group within the group; false when it is missing or no group. */
bool settings_descend(const struct settings *parent, const char *key, struct settings *child);

/* A list of groups with at least one entry, or NULL. */
const config_setting_t *settings_list(const struct settings *parent, const char *key);
struct settings settings_entry(const struct settings *parent, const config_setting_t *list,
                               const char *key, int i);

#endif

/* SPDX-License-Identifier: MIT */
#include "playout/settings.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int settings_line(const struct settings *settings)
{
    return settings->group != NULL ? (int)config_setting_source_line(settings->group) : 0;
}

const config_setting_t *settings_find(const struct settings *settings, const char *key,
                                      bool must_be)
{
    const config_setting_t *setting = config_setting_get_member(settings->group, key);
    if (setting == NULL && must_be) {
        problems_add(settings->problems, PROBLEM_ERROR, settings->file, settings_line(settings), 0,
                     _("setting '%s' is missing in %s"), key, settings->name);
    }
    return setting;
}

bool settings_has(const struct settings *settings, const char *key)
{
    return settings_find(settings, key, false) != NULL;
}

void settings_complain(const struct settings *settings, const char *key, const char *wanted)
{
    const config_setting_t *setting = config_setting_get_member(settings->group, key);
    if (setting == NULL) {
        return; /* missing, which has been told */
    }
    problems_add(settings->problems, PROBLEM_ERROR, settings->file,
                 (int)config_setting_source_line(setting), 0, _("setting '%s' must be %s"), key,
                 wanted);
}

static int64_t integer_of(const struct settings *settings, const config_setting_t *setting,
                          const char *key, int64_t least, int64_t most)
{
    const int type = config_setting_type(setting);
    const int64_t value = config_setting_get_int64(setting);
    if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || value < least || value > most) {
        char wanted[96];
        snprintf(wanted, sizeof(wanted), _("a whole number from %lld to %lld"), (long long)least,
                 (long long)most);
        settings_complain(settings, key, wanted);
        return least;
    }
    return value;
}

int64_t settings_integer(const struct settings *settings, const char *key, int64_t least,
                         int64_t most)
{
    const config_setting_t *setting = settings_find(settings, key, true);
    return setting != NULL ? integer_of(settings, setting, key, least, most) : least;
}

int64_t settings_integer_or(const struct settings *settings, const char *key, int64_t least,
                            int64_t most, int64_t otherwise)
{
    const config_setting_t *setting = settings_find(settings, key, false);
    return setting != NULL ? integer_of(settings, setting, key, least, most) : otherwise;
}

double settings_decimal(const struct settings *settings, const char *key, double least, double most)
{
    const config_setting_t *setting = settings_find(settings, key, true);
    if (setting == NULL) {
        return least;
    }
    const double value = config_setting_type(setting) == CONFIG_TYPE_INT
                             ? (double)config_setting_get_int(setting)
                             : config_setting_get_float(setting);
    if (config_setting_is_number(setting) == CONFIG_FALSE || value < least || value > most) {
        char wanted[96];
        snprintf(wanted, sizeof(wanted), _("a number from %g to %g"), least, most);
        settings_complain(settings, key, wanted);
        return least;
    }
    return value;
}

bool settings_switch_or(const struct settings *settings, const char *key, bool otherwise)
{
    const config_setting_t *setting = settings_find(settings, key, false);
    if (setting != NULL && config_setting_type(setting) != CONFIG_TYPE_BOOL) {
        settings_complain(settings, key, _("true or false"));
        return otherwise;
    }
    return setting != NULL ? config_setting_get_bool(setting) != CONFIG_FALSE : otherwise;
}

char *settings_text(const struct settings *settings, const char *key)
{
    const config_setting_t *setting = settings_find(settings, key, true);
    if (setting == NULL) {
        return NULL;
    }
    const char *value = config_setting_get_string(setting);
    if (value == NULL || value[0] == '\0') {
        settings_complain(settings, key, _("a text in quotation marks"));
        return NULL;
    }
    return strdup(value);
}

/* "one of: a, b, c" */
static void complain_of_word(const struct settings *settings, const char *key,
                             const char *const *words)
{
    char list[256] = "";
    for (size_t i = 0; words[i] != NULL; i++) {
        const size_t used = strlen(list);
        snprintf(list + used, sizeof(list) - used, "%s\"%s\"", i > 0 ? ", " : "", words[i]);
    }
    char wanted[300];
    snprintf(wanted, sizeof(wanted), _("one of %s"), list);
    settings_complain(settings, key, wanted);
}

int settings_word_or(const struct settings *settings, const char *key, const char *const *words,
                     int otherwise)
{
    const config_setting_t *setting = settings_find(settings, key, false);
    if (setting == NULL) {
        return otherwise;
    }
    const char *value = config_setting_get_string(setting);
    for (int i = 0; value != NULL && words[i] != NULL; i++) {
        if (strcmp(words[i], value) == 0) {
            return i;
        }
    }
    complain_of_word(settings, key, words);
    return otherwise;
}

int settings_word(const struct settings *settings, const char *key, const char *const *words)
{
    return settings_find(settings, key, true) != NULL ? settings_word_or(settings, key, words, 0)
                                                      : 0;
}

void settings_check_keys(const struct settings *settings, const char *const *known)
{
    for (int i = 0; i < config_setting_length(settings->group); i++) {
        const config_setting_t *setting = config_setting_get_elem(settings->group, (unsigned)i);
        const char *key = config_setting_name(setting);
        bool is_known = key == NULL;
        for (size_t k = 0; known[k] != NULL && !is_known; k++) {
            is_known = strcmp(key, known[k]) == 0;
        }
        if (is_known) {
            continue;
        }
        const char *nearest = suggest(key, known);
        const int line = (int)config_setting_source_line(setting);
        if (nearest != NULL) {
            problems_add(settings->problems, PROBLEM_ERROR, settings->file, line, 0,
                         _("unknown setting '%s' in %s; did you mean '%s'?"), key, settings->name,
                         nearest);
        } else {
            problems_add(settings->problems, PROBLEM_ERROR, settings->file, line, 0,
                         _("unknown setting '%s' in %s"), key, settings->name);
        }
    }
}

bool settings_descend(const struct settings *parent, const char *key, struct settings *child)
{
    const config_setting_t *setting = settings_find(parent, key, true);
    *child = (struct settings){parent->file, parent->problems, setting, key};
    if (setting != NULL && config_setting_is_group(setting) == CONFIG_FALSE) {
        settings_complain(parent, key, _("a group of settings in { }"));
        return false;
    }
    return setting != NULL;
}

const config_setting_t *settings_list(const struct settings *parent, const char *key)
{
    const config_setting_t *list = settings_find(parent, key, true);
    if (list == NULL) {
        return NULL;
    }
    if (config_setting_is_list(list) == CONFIG_FALSE || config_setting_length(list) == 0) {
        settings_complain(parent, key, _("a list in ( ) with at least one entry"));
        return NULL;
    }
    return list;
}

struct settings settings_entry(const struct settings *parent, const config_setting_t *list,
                               const char *key, int i)
{
    return (struct settings){parent->file, parent->problems,
                             config_setting_get_elem(list, (unsigned)i), key};
}

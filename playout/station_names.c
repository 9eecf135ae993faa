/* SPDX-License-Identifier: MIT */
#include "playout/station_names.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The channel whose title for viewers has this in it, as 张店; NULL: none or several. */
static const char *titled(const struct station *station, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; name[0] != '\0' && i < station_service_count(station); i++) {
        const struct service *service = station_service_at(station, i);
        if (strstr(service->title, name) != NULL) {
            if (found != NULL) {
                return NULL;
            }
            found = service->name;
        }
    }
    return found;
}

/* All names, each after a blank; or as many as there is room for, and how many more. */
static void list_names(const char *const *known, char *names, size_t size)
{
    enum { MORE_SIZE = 32 };
    size_t count = 0;
    size_t length = 0;
    names[0] = '\0';
    while (known[count] != NULL) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        if (length + 1 + strlen(known[i]) + MORE_SIZE > size) {
            snprintf(names + length, size - length, _(" … (%zu more)"), count - i);
            return;
        }
        length += (size_t)snprintf(names + length, size - length, " %s", known[i]);
    }
}

/* At most so many bytes of a name, whole characters. */
static int fitting(const char *name, size_t most)
{
    size_t length = strnlen(name, most + 1);
    if (length > most) {
        length = most;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    return (int)length;
}

static const char **names_of_channels(const struct station *station)
{
    const size_t count = station_service_count(station);
    const char **known = calloc(count + 1, sizeof(known[0]));
    for (size_t i = 0; known != NULL && i < count; i++) {
        known[i] = station_service_at(station, i)->name;
    }
    return known;
}

static const char **names_of_transports(const struct station *station)
{
    const char **known = calloc(station->transport_count + 1, sizeof(known[0]));
    for (size_t i = 0; known != NULL && i < station->transport_count; i++) {
        known[i] = station->transports[i].name;
    }
    return known;
}

static const char **names_of_profiles(const struct station *station)
{
    const char **known = calloc(station->profile_count + 1, sizeof(known[0]));
    for (size_t i = 0; known != NULL && i < station->profile_count; i++) {
        known[i] = station->profiles[i].name;
    }
    return known;
}

/*
 * `what` says that there is none of that name; takes `known`.  `meant` is what is meant when none
 * is near, or NULL.
 */
static const char *complain(const char *what, const char **known, const char *name,
                            const char *meant, char text[STATION_NAMES_SIZE])
{
    char names[STATION_NAMES_SIZE / 2] = "";
    if (known != NULL) {
        const char *near = suggest(name, known);
        meant = near != NULL ? near : meant;
        list_names(known, names, sizeof(names));
    }
    if (meant != NULL) {
        snprintf(text, STATION_NAMES_SIZE, _("%s; did you mean %s? There are:%s."), what, meant,
                 names);
    } else {
        snprintf(text, STATION_NAMES_SIZE, _("%s; there are:%s."), what, names);
    }
    free(known);
    return text;
}

enum { SHOWN_MOST = 80, WHAT_SIZE = 256 };

const char *station_names_complain(const struct station *station, const char *name,
                                   char text[STATION_NAMES_SIZE])
{
    char what[WHAT_SIZE];
    name = name != NULL ? name : "";
    snprintf(what, sizeof(what), _("there is no channel '%.*s'"), fitting(name, SHOWN_MOST), name);
    return complain(what, names_of_channels(station), name, titled(station, name), text);
}

const char *station_names_complain_transport(const struct station *station, const char *name,
                                             char text[STATION_NAMES_SIZE])
{
    char what[WHAT_SIZE];
    snprintf(what, sizeof(what), _("there is no transport '%.*s'"), fitting(name, SHOWN_MOST),
             name);
    return complain(what, names_of_transports(station), name, NULL, text);
}

const char *station_names_complain_profile(const struct station *station, const char *name,
                                           char text[STATION_NAMES_SIZE])
{
    char what[WHAT_SIZE];
    snprintf(what, sizeof(what), _("there is no profile '%.*s'"), fitting(name, SHOWN_MOST), name);
    return complain(what, names_of_profiles(station), name, NULL, text);
}

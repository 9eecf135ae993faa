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

/* The channel that may be meant; NULL: none. */
static const char *nearest(const struct station *station, const char *name)
{
    const size_t count = station_service_count(station);
    const char **known = calloc(count + 1, sizeof(known[0]));
    const char *found = NULL;
    for (size_t i = 0; known != NULL && i < count; i++) {
        known[i] = station_service_at(station, i)->name;
    }
    if (known != NULL) {
        found = suggest(name, known);
        free(known);
    }
    return found != NULL ? found : titled(station, name);
}

/* All names, each after a blank; or as many as there is room for, and how many more. */
static void list_names(const struct station *station, char *names, size_t size)
{
    enum { MORE_SIZE = 32 };
    const size_t count = station_service_count(station);
    size_t length = 0;
    names[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *name = station_service_at(station, i)->name;
        if (length + 1 + strlen(name) + MORE_SIZE > size) {
            snprintf(names + length, size - length, _(" … (%zu more)"), count - i);
            return;
        }
        length += (size_t)snprintf(names + length, size - length, " %s", name);
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

const char *station_names_complain(const struct station *station, const char *name,
                                   char text[STATION_NAMES_SIZE])
{
    char names[STATION_NAMES_SIZE / 2] = "";
    enum { SHOWN_MOST = 80 };
    name = name != NULL ? name : "";
    const int shown = fitting(name, SHOWN_MOST);
    list_names(station, names, sizeof(names));
    const char *meant = nearest(station, name);
    if (meant != NULL) {
        snprintf(text, STATION_NAMES_SIZE,
                 _("there is no channel '%.*s'; did you mean %s? There are:%s."), shown, name,
                 meant, names);
    } else {
        snprintf(text, STATION_NAMES_SIZE, _("there is no channel '%.*s'; there are:%s."), shown,
                 name, names);
    }
    return text;
}

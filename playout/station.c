/* SPDX-License-Identifier: MIT */
#include "playout/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void transport_finish(struct transport *transport)
{
    for (size_t i = 0; i < transport->output_count; i++) {
        free(transport->outputs[i].address);
        free(transport->outputs[i].interface);
        free(transport->outputs[i].path);
    }
    for (size_t i = 0; i < transport->service_count; i++) {
        free(transport->services[i].name);
        free(transport->services[i].title);
        free(transport->services[i].provider);
    }
    free(transport->services);
    free(transport->outputs);
    free(transport->name);
}

void station_destroy(struct station *station)
{
    if (station == NULL) {
        return;
    }
    for (size_t i = 0; i < station->profile_count; i++) {
        free(station->profiles[i].name);
    }
    for (size_t i = 0; i < station->transport_count; i++) {
        transport_finish(&station->transports[i]);
    }
    free(station->profiles);
    free(station->transports);
    free(station->network.name);
    free(station->network.bouquet);
    free(station->scheduler.store);
    free(station->scheduler.cards.templates);
    free(station->settings);
    free(station->path);
    free(station->name);
    free(station->time_zone);
    free(station->media);
    free(station->state);
    free(station->timetables);
    free(station);
}

const struct transport *station_transport(const struct station *station, const char *name)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        if (strcmp(station->transports[i].name, name) == 0) {
            return &station->transports[i];
        }
    }
    return NULL;
}

const struct service *station_service_at(const struct station *station, size_t n)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        const struct transport *transport = &station->transports[i];
        if (n < transport->service_count) {
            return &transport->services[n];
        }
        n -= transport->service_count;
    }
    return NULL;
}

size_t station_service_count(const struct station *station)
{
    size_t count = 0;
    for (size_t i = 0; i < station->transport_count; i++) {
        count += station->transports[i].service_count;
    }
    return count;
}

size_t station_service_number(const struct station *station, const struct service *service)
{
    size_t n = (size_t)(service - service->transport->services);
    for (size_t i = 0; &station->transports[i] != service->transport; i++) {
        n += station->transports[i].service_count;
    }
    return n;
}

const struct service *station_service(const struct station *station, const char *name)
{
    const struct service *service = NULL;
    for (size_t i = 0; (service = station_service_at(station, i)) != NULL; i++) {
        if (strcmp(service->name, name) == 0) {
            return service;
        }
    }
    return NULL;
}

const struct profile *station_profile(const struct station *station, const char *name)
{
    for (size_t i = 0; i < station->profile_count; i++) {
        if (station->profiles[i].name != NULL && strcmp(station->profiles[i].name, name) == 0) {
            return &station->profiles[i];
        }
    }
    return NULL;
}

int profile_pictures_per_frame(const struct profile *profile)
{
    return profile->video.pictures_per_second / FRAMES_PER_SECOND;
}

bool profile_is_on_grid(const struct profile *profile, int64_t frames)
{
    return frames % profile->join_grid_frames == 0;
}

/* Takes a line off *text; false at its end. */
static bool next_line(const char **text, const char **line, size_t *length)
{
    if (**text == '\0') {
        return false;
    }
    *line = *text;
    *length = strcspn(*text, "\n");
    *text += *length + ((*text)[*length] == '\n');
    return true;
}

const char *station_restart_reason(const struct station *running, const struct station *fresh)
{
    static const char *const groups[] = {"format", "station", "network", "profiles", "transports"};
    const char *left = running->settings;
    const char *right = fresh->settings;
    const char *reason = groups[0];
    const char *a = "";
    const char *b = "";
    size_t a_length = 0;
    size_t b_length = 0;
    for (;;) {
        const bool has_left = next_line(&left, &a, &a_length);
        const bool has_right = next_line(&right, &b, &b_length);
        if (!has_left && !has_right) {
            return NULL;
        }
        for (size_t i = 0; has_left && i < sizeof(groups) / sizeof(groups[0]); i++) {
            reason = strncmp(a, groups[i], strlen(groups[i])) == 0 ? groups[i] : reason;
        }
        if (has_left != has_right || a_length != b_length || memcmp(a, b, a_length) != 0) {
            return reason;
        }
    }
}

char *station_state_path(const struct station *station, const char *kind, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s/%s", station->state, kind, name) < 0) {
        return NULL;
    }
    return path;
}

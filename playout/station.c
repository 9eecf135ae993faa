/* SPDX-License-Identifier: MIT */
#include "playout/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void transport_finish(struct transport *transport)
{
    for (size_t i = 0; i < transport->output_count; i++) {
        free(transport->outputs[i].address);
    }
    free(transport->outputs);
    free(transport->name);
    free(transport->title);
    free(transport->provider);
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

const struct profile *station_profile(const struct station *station, const char *name)
{
    for (size_t i = 0; i < station->profile_count; i++) {
        if (station->profiles[i].name != NULL && strcmp(station->profiles[i].name, name) == 0) {
            return &station->profiles[i];
        }
    }
    return NULL;
}

/* Names and pointers apart, profiles are plain numbers without padding that matters. */
static bool same_es(const struct es_profile *a, const struct es_profile *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static bool same_profile(const struct profile *a, const struct profile *b)
{
    const struct video_profile *v = &a->video;
    const struct video_profile *w = &b->video;
    const struct audio_profile *x = &a->audio;
    const struct audio_profile *y = &b->audio;
    return strcmp(a->name, b->name) == 0 && v->width == w->width && v->height == w->height &&
           v->aspect_num == w->aspect_num && v->aspect_den == w->aspect_den &&
           v->level == w->level && v->b_frames == w->b_frames &&
           v->vbv_rate_bps == w->vbv_rate_bps && v->vbv_bits == w->vbv_bits &&
           v->tb_leak_bps == w->tb_leak_bps && same_es(&v->es, &w->es) &&
           x->bitrate_bps == y->bitrate_bps && x->sample_rate == y->sample_rate &&
           x->channels == y->channels && x->loudness_lkfs == y->loudness_lkfs &&
           x->true_peak_dbtp == y->true_peak_dbtp && x->tb_leak_bps == y->tb_leak_bps &&
           same_es(&x->es, &y->es);
}

static bool same_transport(const struct transport *a, const struct transport *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->title, b->title) == 0 &&
           strcmp(a->provider, b->provider) == 0 &&
           strcmp(a->profile->name, b->profile->name) == 0 && a->bitrate_bps == b->bitrate_bps &&
           a->transport_stream_id == b->transport_stream_id &&
           a->original_network_id == b->original_network_id && a->service_id == b->service_id &&
           a->pmt_pid == b->pmt_pid && a->video_pid == b->video_pid &&
           a->audio_pid == b->audio_pid && a->pcr_pid == b->pcr_pid;
}

const char *station_restart_reason(const struct station *running, const struct station *fresh)
{
    if (strcmp(running->name, fresh->name) != 0 ||
        strcmp(running->time_zone, fresh->time_zone) != 0 ||
        strcmp(running->media, fresh->media) != 0 || strcmp(running->state, fresh->state) != 0 ||
        strcmp(running->timetables, fresh->timetables) != 0 ||
        running->guard_ms != fresh->guard_ms || running->horizon_ms != fresh->horizon_ms ||
        running->as_run_days != fresh->as_run_days) {
        return "station";
    }
    if (running->profile_count != fresh->profile_count ||
        running->transport_count != fresh->transport_count) {
        return running->profile_count != fresh->profile_count ? "profiles" : "transports";
    }
    for (size_t i = 0; i < running->profile_count; i++) {
        if (!same_profile(&running->profiles[i], &fresh->profiles[i])) {
            return "profiles";
        }
    }
    for (size_t i = 0; i < running->transport_count; i++) {
        if (!same_transport(&running->transports[i], &fresh->transports[i])) {
            return "transports";
        }
    }
    return NULL;
}

char *station_state_path(const struct station *station, const char *kind, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s/%s", station->state, kind, name) < 0) {
        return NULL;
    }
    return path;
}

/* SPDX-License-Identifier: MIT */
/*
 * station: the station file (libconfig): profiles, transports, folders.
 *
 * One file describes a whole station: its house formats (profiles), its
 * channels, each a single-programme transport, and where media and state
 * live.  It is read at start-up; on a reload only outputs may differ.
 *
 * Ownership: a struct station owns everything that it points to.
 * Thread: immutable after loading, shared freely.
 */
#ifndef PLAYOUT_STATION_H
#define PLAYOUT_STATION_H

#include "playout/problems.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAMES_PER_SECOND = 25,
    JOIN_GRID_FRAMES = 3, /* 120 ms: 3 video frames, 5 audio frames of 24 ms */
    GOP_FRAMES = 24,
    EVENT_MIN_FRAMES = GOP_FRAMES, /* no event is shorter */
    TICKS_PER_FRAME = 3600,        /* of 90 kHz */
    AUDIO_TICKS = 2160,            /* 90 kHz ticks of one MPEG-1 Layer II frame at 48 kHz */
    AUDIO_FRAMES_PER_GRID = 5,
};

/*
 * How one elementary stream of a profile travels (the T-STD side of it).
 * An access unit is sent no earlier than max_lead_ms before its DTS; the
 * access units of one item are sent in [start - lead, end - lead).
 * The lattice must serve packets_per_second with a latency of at most
 * latency_us: n packets that wait at slot a are sent by a + n / rate + latency.
 */
struct es_profile {
    int lead_frames;
    int max_lead_ms;
    int reorder_frames; /* DTS of access unit j is start + (j - reorder) frames; audio 0 */
    int packets_per_second;
    int latency_us;
};

struct video_profile {
    int width;
    int height;
    int aspect_num; /* sample aspect ratio */
    int aspect_den;
    int level; /* level_idc: 30 is level 3 */
    int b_frames;
    int64_t vbv_rate_bps;
    int64_t vbv_bits;
    int64_t tb_leak_bps; /* Rx of the T-STD: 1.2 x MaxBR of the level */
    struct es_profile es;
};

struct audio_profile {
    int bitrate_bps;
    int sample_rate;
    int channels;
    double loudness_lkfs;
    double true_peak_dbtp;
    int64_t tb_leak_bps;
    struct es_profile es;
};

/* A house format. */
struct profile {
    char *name;
    struct video_profile video;
    struct audio_profile audio;
};

/* One leg of a transport: UDP, 7 packets a datagram. */
struct output {
    char *address; /* numeric IPv4 or IPv6 */
    int port;
    int ttl;
    int dscp;
};

/* A channel and the single-programme transport that carries it. */
struct transport {
    char *name;  /* as in file names and commands: zhangdian */
    char *title; /* service name, UTF-8 */
    char *provider;
    const struct profile *profile;
    int64_t bitrate_bps;
    int slots_per_second; /* K: a multiple of 25, K x 1504 <= bitrate_bps */
    int transport_stream_id;
    int original_network_id;
    int service_id;
    int pmt_pid;
    int video_pid;
    int audio_pid;
    int pcr_pid;
    struct output *outputs;
    size_t output_count;
};

struct station {
    char *path; /* of the station file, as given */
    char *name;
    char *time_zone; /* IANA */
    char *media;     /* folders, absolute or relative to the working folder */
    char *state;
    char *timetables; /* folder of the timetables */
    int guard_ms;     /* an amendment takes effect at the earliest so far ahead */
    int horizon_ms;   /* how far ahead the renderers work; less than the guard */
    int as_run_days;  /* how long as-run files are kept */
    struct profile *profiles;
    size_t profile_count;
    struct transport *transports;
    size_t transport_count;
};

/*
 * Reads a station file.  Returns 0 and a station that the caller destroys;
 * or -EINVAL with every problem in *problems (by file, line and setting);
 * or -errno when the file cannot be read (also in *problems), -ENOMEM.
 */
int station_load(const char *path, struct station **station, struct problems *problems);

/* Accepts NULL. */
void station_destroy(struct station *station);

/* NULL when there is none of that name. */
const struct transport *station_transport(const struct station *station, const char *name);
const struct profile *station_profile(const struct station *station, const char *name);

/*
 * What a reload would need a restart for: the first setting, outputs apart,
 * in which the two differ, or NULL when a running engine may take `fresh`.
 */
const char *station_restart_reason(const struct station *running, const struct station *fresh);

/* "STATE/plans/NAME", "STATE/asrun/NAME" ...: allocated, the caller frees; NULL out of memory. */
char *station_state_path(const struct station *station, const char *kind, const char *name);

#endif

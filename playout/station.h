/* SPDX-License-Identifier: MIT */
/*
 * station: the station file (libconfig): profiles, network, transports.
 *
 * One file describes a whole station: its house formats (profiles), the
 * network that it feeds, its transports with the services that they carry,
 * and where media and state live.  A service is a channel: one programme with
 * one plan.  The file is read at start-up; on a reload only outputs may differ.
 *
 * Ownership: a struct station owns everything that it points to.
 * Thread: immutable after loading, shared freely.
 *
 * Normative references: ISO/IEC 13818-1, 2.4.2 (T-STD); ETSI EN 300 468
 * (identifiers of the network).
 */
#ifndef PLAYOUT_STATION_H
#define PLAYOUT_STATION_H

#include "playout/conform_rules.h"
#include "playout/problems.h"
#include "playout/qc_rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FRAMES_PER_SECOND = 25, /* of plans: a frame is 1/25 s, also where there are 50 pictures */
    GOP_FRAMES = 24,        /* 960 ms: on the join grid of every kind of sound */
    EVENT_MIN_FRAMES = GOP_FRAMES, /* no event is shorter */
    TICKS_PER_FRAME = 3600,        /* of 90 kHz */
    SERVICES_MOST = 32,            /* of a transport */
};

enum video_codec { VIDEO_H264, VIDEO_MPEG2, VIDEO_HEVC };
enum audio_codec { AUDIO_MP2, AUDIO_AAC, AUDIO_AC3 };

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
    int reorder_units; /* DTS of access unit j is start + (j - reorder) units; audio 0 */
    int packets_per_second;
    int latency_us;
    int64_t tb_leak_bps;  /* Rx of the transport buffer */
    int64_t buffer_bytes; /* EB of a picture, B of sound */

    /* These follow from the format. */
    int unit_ticks;     /* 90 kHz ticks of one access unit */
    int units_per_grid; /* access units in one step of the join grid */
    int unit_header;    /* bytes that go on air before each access unit of the file: ADTS */
};

struct video_profile {
    enum video_codec codec;
    int width;
    int height;
    int aspect_num; /* sample aspect ratio */
    int aspect_den;
    int pictures_per_second; /* 25 or 50 */
    bool is_interlaced;      /* two fields a picture, the top one first */
    int level;               /* level_idc, or 8 ML, 6 H-14, 4 HL of MPEG-2 */
    int b_frames;
    int64_t vbv_rate_bps;
    int64_t vbv_bits;
    struct es_profile es;
};

struct audio_profile {
    enum audio_codec codec;
    int bitrate_bps;
    int sample_rate;
    int channels;
    double loudness_lkfs;
    double true_peak_dbtp;
    struct es_profile es;
};

/* A house format. */
struct profile {
    char *name;
    int join_grid_frames; /* the least common period of picture and sound: 3 MP2, 8 AAC, 4 AC-3 */
    struct video_profile video;
    struct audio_profile audio;
    struct qc_rules qc;
    struct conform_rules conform;
};

enum output_protocol {
    OUTPUT_UDP,  /* 7 packets a datagram */
    OUTPUT_RTP,  /* the same behind an RTP header: RFC 2250, SMPTE ST 2022-2 */
    OUTPUT_FILE, /* recorded, in a folder */
};

/* One leg of a transport. */
struct output {
    enum output_protocol protocol;
    /* UDP and RTP */
    char *address; /* numeric IPv4 or IPv6 */
    int port;
    char *interface; /* by which it leaves: a name or a numeric local address; NULL: as routed */
    int ttl;
    int dscp;
    uint32_t ssrc; /* RTP */
    /* file */
    char *path;        /* the folder */
    int minutes;       /* a new file at each multiple of so many, counted from the epoch */
    int max_megabytes; /* of all its files together: the oldest make room */
};

/* How names and texts of the tables are coded; EN 300 468, annex A, and practice. */
enum text_coding {
    TEXT_GB2312,  /* selector 0x13 */
    TEXT_UTF8,    /* selector 0x15 */
    TEXT_UCS2,    /* selector 0x11 */
    TEXT_GBK,     /* no selector */
    TEXT_GB18030, /* no selector */
};

/* What a transport says of the services of the station's other transports. */
enum eit_other { EIT_OTHER_NONE, EIT_OTHER_PF, EIT_OTHER_SCHEDULE };

/* The cable network, as its operator numbers it. */
struct network {
    char *name;
    int network_id;
    int original_network_id;
    enum text_coding text;
    char language[4]; /* ISO 639-2 of all texts */
    char country[4];  /* ISO 3166 of TOT and parental rating */
    char *bouquet;    /* NULL: no BAT */
    int bouquet_id;
    enum eit_other eit_other;
    int eit_days;           /* of the schedule: 0 none, at most 16 */
    int eit_events_per_day; /* of a service; bandwidth is kept for so many */
};

/* cable_delivery_system_descriptor, EN 300 468, 6.2.13.1; frequency 0: not said. */
struct cable_delivery {
    int64_t frequency_hz;
    int modulation;      /* 16, 32, 64, 128, 256 QAM */
    int64_t symbol_rate; /* a second */
};

/* Of the cards (字幕卡) that are drawn by ingest. */
struct card_rules {
    char *templates; /* folder of the station's own; NULL: those that came with the programs */
};

/* What the scheduler alone looks at; the engine does not. */
struct scheduler_settings {
    struct card_rules cards;
    char *store;           /* a path, or PostgreSQL's conninfo: scheduler/store/store.h */
    int approval_stages;   /* 0: nothing needs approval */
    bool is_alone_allowed; /* one person may sign several stages */
    bool has_freeze;       /* tomorrow's list is frozen every day ... */
    int freeze_minute;     /* ... at this minute of the day */
    int cutoff_minutes;    /* files that come later before their slot do not go into it */
};

/* How media are kept (group `media`); the engine does not look at it. */
struct media_settings {
    int64_t reserve_bytes; /* whatever is written leaves so much free on the disk of the media */
    int64_t warn_bytes;    /* below that it is warned of; no less than the reserve */
};

struct transport;

/* A channel: one programme of a transport. */
struct service {
    char *name;  /* as in file names and commands: zhangdian */
    char *title; /* service name, UTF-8 */
    char *provider;
    const struct profile *profile;
    const struct transport *transport;
    int service_id;
    int logical_channel; /* 0: none */
    int parental_age;    /* 0: not said; else 4 to 18 */
    int pmt_pid;
    int video_pid; /* also of the PCR */
    int audio_pid;
};

struct transport {
    char *name;
    int64_t bitrate_bps;
    int slots_per_second; /* K: a multiple of 25, K x 1504 <= bitrate_bps */
    int transport_stream_id;
    struct cable_delivery cable;
    struct service *services;
    size_t service_count;
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
    struct network network;
    struct scheduler_settings scheduler;
    struct media_settings keeping;
    struct profile *profiles;
    size_t profile_count;
    struct transport *transports;
    size_t transport_count;
    char *settings; /* the file as libconfig writes it, without outputs, `scheduler` and `media` */
};

/*
 * Reads a station file.  Returns 0 and a station that the caller destroys;
 * or -EINVAL with every problem in *problems (by file, line and setting);
 * or -errno when the file cannot be read (also in *problems), -ENOMEM.
 */
int station_load(const char *path, struct station **station, struct problems *problems);

/* Accepts NULL. */
void station_destroy(struct station *station);

/*
 * Which file is meant when none is named: $KETANG_STATION, or else the first
 * that is there of schedules/station.cfg and /etc/ketang/station.cfg (that of
 * an installed station), or else the former.
 */
const char *station_default_path(void);

/* NULL when there is none of that name. */
const struct transport *station_transport(const struct station *station, const char *name);
const struct service *station_service(const struct station *station, const char *name);
const struct profile *station_profile(const struct station *station, const char *name);

/* The services of all transports behind each other: number `n`, or NULL beyond the last. */
const struct service *station_service_at(const struct station *station, size_t n);
size_t station_service_count(const struct station *station);
size_t station_service_number(const struct station *station, const struct service *service);

/* Pictures in a frame of the plan: 1 or 2. */
int profile_pictures_per_frame(const struct profile *profile);

/* `frames` is a multiple of the join grid. */
bool profile_is_on_grid(const struct profile *profile, int64_t frames);

/* "h264" ... as in the station file. */
const char *video_codec_name(enum video_codec codec);
const char *audio_codec_name(enum audio_codec codec);

/*
 * What a reload would need a restart for: the first setting, outputs,
 * `scheduler` and `media` apart, in which the two differ, or NULL when a running engine may take
 * `fresh`.
 */
const char *station_restart_reason(const struct station *running, const struct station *fresh);

/* "STATE/plans/NAME", "STATE/asrun/NAME" ...: allocated, the caller frees; NULL out of memory. */
char *station_state_path(const struct station *station, const char *kind, const char *name);

#endif

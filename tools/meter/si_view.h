/* SPDX-License-Identifier: MIT */
/*
 * si_view: what the tables of a stream say, for a screen or as JSON.
 *
 * Text is UTF-8, decoded by the selector before it; what cannot be decoded
 * is shown as U+FFFD.  Pointers stay valid until the next packet is read, or
 * the ts_check destroyed.  Nothing here judges.
 *
 *     struct si_view view = ts_check_view(check);
 *     for (int i = 0; si_view_service(&view, i, &service); i++) ...
 *
 * Normative reference: ETSI EN 300 468, 5.2 and 6.2.
 */
#ifndef TOOLS_METER_SI_VIEW_H
#define TOOLS_METER_SI_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum { SI_VIEW_STREAMS = 32 };

struct psi;
struct psi_stream;
struct si;

/* By value; from ts_check_view() in ts_check.h. */
struct si_view {
    const struct psi *psi;
    const struct si *si;
};

struct si_view_stream {
    int pid;
    int stream_type;
    int component_tag; /* -1: none */
    char language[4];  /* "" when not said */
    const char *codec; /* from stream_type and descriptors: "H.264", "AC-3"; "" when unknown */
};

struct si_view_event {
    bool is_there; /* false: the section has no event, or has not come yet */
    int event_id;
    int running_status;
    int64_t start_s; /* UTC, since the Unix epoch */
    int duration_s;
    const char *name; /* "" when there is none */
    const char *text; /* of the short_event_descriptor */
};

/* A service of this transport stream: in the PAT or in the SDT. */
struct si_view_service {
    int service_id;
    bool is_in_pat;
    bool is_in_sdt;
    int service_type; /* of the service_descriptor; -1: not said */
    int running_status;
    bool is_scrambled; /* free_CA_mode */
    const char *name;  /* "" when there is none */
    const char *provider;
    int channel_number; /* logical, of the NIT; -1: none */
    int pmt_pid;        /* -1: none */
    int pcr_pid;        /* -1: no PMT yet; 0x1fff: no PCR */
    int stream_count;
    struct si_view_stream streams[SI_VIEW_STREAMS];
    int schedule_events; /* of EIT schedule, as many as have come */
    struct si_view_event now;
    struct si_view_event next;
};

struct si_view_network {
    int transport_stream_id; /* -1: not said, like all of these */
    int original_network_id;
    int network_id;
    const char *name;         /* "" when there is none */
    int64_t frequency_hz;     /* cable_delivery_system_descriptor; -1: none */
    int64_t symbol_rate_baud; /* the same */
    int modulation;           /* QAM: 16, 32, 64, 128, 256; -1: none */
};

struct si_view_time {
    bool is_known;
    int64_t utc_s;      /* of the last TDT or TOT, since the Unix epoch */
    int64_t packet;     /* in which it came */
    bool has_offset;    /* a TOT has told ... */
    int offset_minutes; /* ... that local time is ahead of UTC by this */
    char country[4];
};

/* The i-th service by its id, or false. */
bool si_view_service(const struct si_view *view, int i, struct si_view_service *service);

/* The service with this id, or false. */
bool si_view_service_of(const struct si_view *view, int service_id,
                        struct si_view_service *service);

void si_view_network(const struct si_view *view, struct si_view_network *network);
void si_view_time(const struct si_view *view, struct si_view_time *time);

/* As in si_view_stream. */
const char *si_view_codec(const struct psi_stream *stream);

/* {"network": {...}, "time": {...}, "services": [...]}; NULL: out of memory. */
json_t *si_view_json(const struct si_view *view);

#endif

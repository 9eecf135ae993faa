/* SPDX-License-Identifier: MIT */
/*
 * si_inner: what the SI tables say, kept; shared by si_scan, eit_scan,
 * nit_scan and si_view.
 */
#ifndef TOOLS_METER_SI_INNER_H
#define TOOLS_METER_SI_INNER_H

#include "tools/meter/si_descriptors.h"
#include "tools/meter/si_scan.h"

enum {
    SI_NUMBERS = 256,  /* sections of a table */
    SI_SCHEDULES = 16, /* table_ids of EIT schedule */
    SI_TABLES = 1 + SI_SCHEDULES,
    SI_TRANSPORT_SERVICES = 64,
    SI_TRANSPORTS = 128,
    SI_SERVICES_MAX = 4096, /* of all transport streams */
    SI_SERVICE_BUCKETS = 1024,
    SI_WORDS = 16, /* short_event_descriptors of an event: one for each language */
};

/* What an event is called in one language: of a short_event_descriptor. */
struct si_words {
    uint64_t hash; /* of language, name and text */
    uint8_t language[3];
    uint8_t name_size;
    uint8_t text_size;
    uint8_t *descriptor; /* its bytes; of present/following only, else NULL */
};

struct si_event {
    int64_t start_s; /* -1: no such time, or undefined */
    int duration_s;  /* the same */
    uint16_t id;
    uint8_t status;
    int words_count;
    struct si_words *words;
    char *name; /* of the first, in UTF-8; of present/following only, else NULL */
    char *text; /* the same */
};

/*
 * Whether `event` says of name and text what `whole`, of present/following,
 * says, or only the beginning of it, in every language that it has: a
 * schedule may be told more briefly.
 */
bool si_says_the_same(const struct si_event *event, const struct si_event *whole);

/* One section of EIT. */
struct si_eit_section {
    int64_t judged_day; /* for which its segment has been judged; -1: never */
    int segment_last;
    int last_table_id;
    int count;
    struct si_event *events;
};

/* One table_id of EIT of one service. */
struct si_eit_table {
    int table_id;
    int last_number;
    int64_t changed_byte; /* where the version in force began */
    int64_t seen_byte;    /* of its last section */
    bool is_whole;
    bool is_judged;         /* in itself, as it is now */
    int64_t judged_byte;    /* where that was done last */
    bool paired[SI_TABLES]; /* judged against that one, as both are now */
    struct si_eit_section *sections[SI_NUMBERS];
    int id_count;
    const struct si_event **by_id; /* all its events, in the order of their ids; when judged */
};

struct si_service {
    struct si_service *chain; /* of its bucket */
    int service_id;
    int transport_stream_id;
    int original_network_id;
    bool is_other; /* of another transport stream */
    bool is_in_sdt;
    bool says_pf;       /* EIT_present_following_flag */
    bool says_schedule; /* EIT_schedule_flag */
    int64_t says_since; /* byte from which these flags hold */
    bool is_told;       /* that what is carried differs from them */
    bool has_pf;
    int running_status;
    bool is_scrambled;
    int service_type; /* -1: not said */
    char *name;       /* NULL: none */
    char *provider;
    int64_t pf_byte;                        /* of the last section; -1: none so far */
    int64_t schedule_byte;                  /* the same */
    struct si_eit_table *tables[SI_TABLES]; /* present/following first */
};

/* One transport stream of the NIT. */
struct si_transport {
    int transport_stream_id;
    int original_network_id;
    bool has_list;
    bool has_cable;
    int64_t frequency_hz;
    int64_t symbol_rate_baud;
    int modulation;
    int service_count;
    struct si_listed {
        int service_id;
        int channel_number; /* -1: none */
        bool is_listed;     /* in the service_list_descriptor */
    } services[SI_TRANSPORT_SERVICES];
};

struct si_network {
    bool is_known;
    int network_id;
    char *name; /* NULL: none */
    int transport_count;
    struct si_transport transports[SI_TRANSPORTS];
};

/* TDT and TOT. */
struct si_clock {
    bool is_known;
    int64_t utc_s;
    int64_t packet;
    int64_t byte; /* the first of that section */
    bool has_offset;
    int offset_minutes;
    char country[4];
};

struct si {
    struct si_options options;
    const struct psi *psi;
    struct ts_report *report;
    struct dvb_text *text;
    int transport_stream_id; /* of SDT and EIT; -1: not seen yet */
    int original_network_id; /* the same */
    int service_count;
    bool is_full;  /* and that is told */
    bool is_wordy; /* an event has more than SI_WORDS, and that is told */
    struct si_service *services[SI_SERVICES_MAX];
    struct si_service *buckets[SI_SERVICE_BUCKETS];
    bool is_sdt_whole;
    struct si_network network;
    bool is_network_told; /* that NIT and PAT do not agree */
    struct si_clock clock;
    double given_s;      /* the time of ... */
    int64_t given_byte;  /* ... this byte, where the slot is known; -1: it is not */
    int64_t agreed_byte; /* where it was last judged what the tables say of each other */
    double tdt_worst_s;
};

/* The time of a byte in seconds since the epoch, from the slot or the last TDT; -1: not known. */
double si_now(const struct si *si, int64_t byte, double now_s);

void si_problem(const struct si *si, enum ts_kind kind, const struct section *section,
                const char *what, int value);

struct si_context si_context(const struct si *si, const struct section *section);

/* Says that an id differs from what has been said before, and keeps it. */
void si_agree(const struct si *si, const struct section *section, int *known, int said,
              const char *what);

/* The service, added when it is new; NULL: out of memory, or too many, which is told. */
struct si_service *si_find_service(struct si *si, int service_id, int transport_stream_id,
                                   int original_network_id, bool is_other);

/* The text as a string of its own; NULL: none, or out of memory. */
char *si_keep_text(const struct si *si, const uint8_t *bytes, int size);

/* The transport stream of the NIT that this one is, or NULL. */
const struct si_transport *si_own_transport(const struct si *si);

/* Judges what SDT and NIT say of the other tables: now and then, and at the end. */
void si_judge_flags(struct si *si, int64_t end_byte);

/* Judges whether SDT, EIT and PAT speak of the same services: at the end. */
void si_judge_services(const struct si *si, int64_t end_byte);

int64_t si_bytes_of_s(const struct si *si, int64_t seconds);

#endif

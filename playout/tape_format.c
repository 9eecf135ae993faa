/* SPDX-License-Identifier: MIT */
#include "playout/tape_inner.h"

#include "playout/intl.h"
#include "playout/window.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PCR_PER_SECOND = 40,
    PSI_PER_SECOND = 12,       /* PAT and PMT: a little more often than 100 ms asks */
    SYSTEM_LEAK_BPS = 1000000, /* Rxsys; SI PIDs have no model: held to the same */
    RARE_PERIOD_S = 5,
};

__attribute__((format(printf, 3, 4))) static void complain(const struct tape_format *format,
                                                           struct problems *problems,
                                                           const char *text, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, text);
    vsnprintf(line, sizeof(line), text, arguments);
    va_end(arguments);
    problems_add(problems, PROBLEM_ERROR, format->station->path, 0, 0, _("transport '%s': %s"),
                 format->transport->name, line);
}

/* --- Tables ------------------------------------------------------------------ */

/* Sections behind each other, each from a packet of its own on: 0 or -ENOMEM. */
static int packetise(const struct si_sections *sections, int pid, struct tape_table *table)
{
    int count = 0;
    for (size_t i = 0; i < sections->count; i++) {
        count += si_packets(si_section_size(sections->sections[i]));
    }
    table->packets = calloc((size_t)count + 1, TS_PACKET_SIZE);
    if (table->packets == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < sections->count; i++) {
        const uint8_t *section = sections->sections[i];
        const size_t size = si_section_size(section);
        for (int k = 0; k < si_packets(size); k++) {
            si_packet(table->packets + table->count++ * TS_PACKET_SIZE, pid, 0, section, size, k);
        }
    }
    return 0;
}

static int make_pmts(struct tape_format *format)
{
    const size_t count = format->transport->service_count;
    int result = 0;
    format->pmts = calloc(count, sizeof(format->pmts[0]));
    if (format->pmts == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count && result == 0; i++) {
        const struct service *service = &format->transport->services[i];
        struct si_sections sections = {0};
        result = si_pmt(format->station, service, &sections);
        if (result == 0) {
            result = packetise(&sections, service->pmt_pid, &format->pmts[i]);
        }
        si_sections_finish(&sections);
    }
    return result;
}

/* What PID 0x11 tells of others: their SDT, and BAT. */
static int collect_others(const struct tape_format *format, struct si_sections *sections)
{
    const struct station *station = format->station;
    int result = 0;
    for (size_t i = 0; i < station->transport_count && result == 0; i++) {
        if (&station->transports[i] != format->transport) {
            result = si_sdt(station, &station->transports[i], false, sections);
        }
    }
    return result == 0 ? si_bat(station, sections) : result;
}

static int make_tables(struct tape_format *format)
{
    struct si_sections pat = {0};
    struct si_sections nit = {0};
    struct si_sections sdt = {0};
    struct si_sections others = {0};
    const struct si_sections none = {0};
    int result = si_pat(format->station, format->transport, &pat);
    result = result < 0 ? result : si_nit(format->station, &nit);
    result = result < 0 ? result : si_sdt(format->station, format->transport, true, &sdt);
    result = result < 0 ? result : collect_others(format, &others);
    result = result < 0 ? result : packetise(&pat, PID_PAT, &format->pat);
    result =
        result < 0 ? result : si_carousel_create(PID_NIT, &nit, &none, RARE_PERIOD_S, &format->nit);
    result = result < 0 ? result
                        : si_carousel_create(PID_SDT, &sdt, &others, RARE_PERIOD_S, &format->sdt);
    result = result < 0 ? result : make_pmts(format);
    si_sections_finish(&pat);
    si_sections_finish(&nit);
    si_sections_finish(&sdt);
    si_sections_finish(&others);
    return result;
}

/* --- Lattice ----------------------------------------------------------------- */

static struct lattice_share system_share(int slots_per_second)
{
    return (struct lattice_share){slots_per_second, SYSTEM_LEAK_BPS, 0};
}

/* All but EIT. */
static void choose_shares(const struct tape_format *format, struct lattice_share *shares)
{
    shares[OWNER_PAT] = system_share(PSI_PER_SECOND * format->pat.count);
    shares[OWNER_NIT] = system_share(si_carousel_packets_per_second(format->nit));
    shares[OWNER_SDT] = system_share(si_carousel_packets_per_second(format->sdt));
    shares[OWNER_TDT] = system_share(1);
    for (size_t i = 0; i < format->transport->service_count; i++) {
        const struct profile *profile = format->transport->services[i].profile;
        const struct es_profile *video = &profile->video.es;
        const struct es_profile *audio = &profile->audio.es;
        const int group = (int)i + 1; /* PCR and video share a PID and its transport buffer */
        shares[owner_of_service(i, SERVICE_PCR)] = (struct lattice_share){PCR_PER_SECOND, 0, group};
        shares[owner_of_service(i, SERVICE_PMT)] =
            system_share(PSI_PER_SECOND * format->pmts[i].count);
        shares[owner_of_service(i, SERVICE_AUDIO)] =
            (struct lattice_share){audio->packets_per_second, audio->tb_leak_bps, 0};
        shares[owner_of_service(i, SERVICE_VIDEO)] =
            (struct lattice_share){video->packets_per_second, video->tb_leak_bps, group};
    }
}

static int sum_shares(const struct lattice_share *shares, int owners)
{
    int sum = 0;
    for (int owner = 0; owner < owners; owner++) {
        sum += shares[owner].slots_per_second;
    }
    return sum;
}

/* The least rate at which so many packets a second have room. */
static long long sufficient_bps(int packets_per_second)
{
    const int per_frame = (packets_per_second + FRAMES_PER_SECOND - 1) / FRAMES_PER_SECOND;
    return (long long)per_frame * FRAMES_PER_SECOND * TS_PACKET_SIZE * 8;
}

static void complain_of_rate(const struct tape_format *format, int used,
                             const struct eit_budget *budget, struct problems *problems)
{
    complain(format, problems,
             _("bitrate_bps is too low: its profiles and tables need %d packets a second, there "
               "are %d: bitrate_bps = %lld would do"),
             used + budget->wanted, format->slots_per_second,
             sufficient_bps(used + budget->wanted));
}

static void complain_of_guide(const struct tape_format *format, int used,
                              const struct eit_budget *budget, struct problems *problems)
{
    char rate[64] = "";
    char days[64] = "";
    char events[64] = "";
    if (budget->wanted <= EIT_PACKETS_MOST) {
        snprintf(rate, sizeof(rate), _("; bitrate_bps = %lld would do"),
                 sufficient_bps(used + budget->wanted));
    }
    if (budget->days >= 0) {
        snprintf(days, sizeof(days), _("; eit_days = %d would do"), budget->days);
    }
    if (budget->events_per_day > 0) {
        snprintf(events, sizeof(events), _("; eit_events_per_day = %d would do"),
                 budget->events_per_day);
    }
    complain(format, problems,
             _("the programme guide needs %d packets a second to be repeated in time, %d can be "
               "had%s%s%s%s"),
             budget->wanted, budget->most, rate, days, events,
             budget->without_other ? _("; eit_other = \"none\" would do") : "");
}

/* PID 0x12 gets what the others leave: refused with the numbers that would fit. */
static int lay_out_eit(struct tape_format *format, int used, struct problems *problems)
{
    const int left = format->slots_per_second - used;
    struct eit_budget budget;
    const int result = eit_layout_init(&format->eit, format->station, format->transport,
                                       left < 0 ? EIT_PACKETS_MOST : left, &budget);
    if (result == -ENOSPC) {
        complain_of_guide(format, used, &budget, problems);
        return -EINVAL;
    }
    if (result == 0 && left < 0) {
        complain_of_rate(format, used, &budget, problems);
        return -EINVAL;
    }
    return result;
}

static int check_latency(const struct tape_format *format, const struct service *service, int owner,
                         const struct es_profile *es, bool is_video, struct problems *problems)
{
    /* One slot more: an access unit waits for the slot that follows its earliest time. */
    const int64_t slots = lattice_latency(format->lattice, owner) + 1;
    const int64_t latency_us =
        (slots * 1000000 + format->slots_per_second - 1) / format->slots_per_second;
    if (lattice_count(format->lattice, owner) >= es->packets_per_second &&
        latency_us <= es->latency_us) {
        return 0;
    }
    complain(format, problems,
             _("at this bitrate the %s of '%s' gets %d packets a second with a latency of %lld µs, "
               "and profile '%s' promises %d with %d µs: raise bitrate_bps, or change the profile"),
             is_video ? _("picture") : _("sound"), service->name,
             lattice_count(format->lattice, owner), (long long)latency_us, service->profile->name,
             es->packets_per_second, es->latency_us);
    return -EINVAL;
}

static int check_services(const struct tape_format *format, struct problems *problems)
{
    int result = 0;
    for (size_t i = 0; i < format->transport->service_count; i++) {
        const struct service *service = &format->transport->services[i];
        const int video = check_latency(format, service, owner_of_service(i, SERVICE_VIDEO),
                                        &service->profile->video.es, true, problems);
        const int audio = check_latency(format, service, owner_of_service(i, SERVICE_AUDIO),
                                        &service->profile->audio.es, false, problems);
        result = video < 0 || audio < 0 ? -EINVAL : result;
    }
    return result;
}

/* What is always there must be there in full: PID 0x12 by its positions. */
static int check_tables(const struct tape_format *format, const struct lattice_share *shares,
                        struct problems *problems)
{
    for (int owner = OWNER_PAT; owner < OWNER_SERVICES; owner++) {
        if (lattice_count(format->lattice, owner) != shares[owner].slots_per_second) {
            complain(format, problems,
                     _("its tables lie too close together for their transport buffers: raise "
                       "bitrate_bps, or lower eit_events_per_day"));
            return -EINVAL;
        }
    }
    return 0;
}

static int build_lattice(struct tape_format *format, struct problems *problems)
{
    struct lattice_share shares[UINT8_MAX] = {0};
    const int owners = owner_of_service(format->transport->service_count, SERVICE_PCR);
    choose_shares(format, shares);
    int result = lay_out_eit(format, sum_shares(shares, owners), problems);
    if (result < 0) {
        return result;
    }
    shares[OWNER_EIT] = system_share(format->eit.packets_per_second);
    result = lattice_create(format->slots_per_second, shares, owners, &format->lattice);
    if (result == 0) {
        result = check_tables(format, shares, problems);
    }
    return result == 0 ? check_services(format, problems) : result;
}

static int check_slates(const struct tape_format *format, struct problems *problems)
{
    int result = 0;
    for (size_t i = 0; i < format->transport->service_count; i++) {
        const struct profile *profile = format->transport->services[i].profile;
        const struct asset_index_header *header = asset_index_of(format->slates[i])->header;
        const bool fits =
            strcmp(header->profile, profile->name) == 0 && header->is_cut_anywhere != 0 &&
            header->duration_frames % GOP_FRAMES == 0 && header->duration_frames >= 2 * GOP_FRAMES;
        if (!fits) {
            complain(format, problems,
                     _("its slate is not of profile '%s', has B-frames or is not a multiple of 24 "
                       "frames long: make one with 'ketang ingest --slate'"),
                     profile->name);
            result = -EINVAL;
        }
    }
    return result;
}

static int open_zone(struct tape_format *format, struct problems *problems)
{
    const int result = zone_open(format->station->time_zone, &format->zone);
    if (result < 0 && result != -ENOMEM) {
        complain(format, problems, _("the time zone '%s' cannot be read"),
                 format->station->time_zone);
        return -EINVAL;
    }
    return result;
}

static int create(const struct station *station, const struct transport *transport,
                  struct tape_format **format)
{
    struct tape_format *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->station = station;
    fresh->transport = transport;
    fresh->slots_per_second = transport->slots_per_second;
    fresh->slots_per_frame = transport->slots_per_second / FRAMES_PER_SECOND;
    fresh->slates = calloc(transport->service_count, sizeof(fresh->slates[0]));
    *format = fresh;
    return fresh->slates != NULL ? 0 : -ENOMEM;
}

/* All but the slates. */
static int build(struct tape_format *format, struct problems *problems)
{
    int result = open_zone(format, problems);
    result = result < 0 ? result : make_tables(format);
    return result < 0 ? result : build_lattice(format, problems);
}

int tape_format_create(const struct station *station, const struct transport *transport,
                       struct asset *const *slates, struct tape_format **format,
                       struct problems *problems)
{
    struct tape_format *fresh = NULL;
    int result = create(station, transport, &fresh);
    for (size_t i = 0; i < transport->service_count && result == 0; i++) {
        fresh->slates[i] = asset_ref(slates[i]);
    }
    result = result < 0 ? result : check_slates(fresh, problems);
    result = result < 0 ? result : build(fresh, problems);
    if (result < 0) {
        tape_format_destroy(fresh);
        return result;
    }
    *format = fresh;
    return 0;
}

int tape_format_check(const struct station *station, const struct transport *transport,
                      struct problems *problems)
{
    struct tape_format *format = NULL;
    int result = create(station, transport, &format);
    result = result < 0 ? result : build(format, problems);
    tape_format_destroy(format);
    return result;
}

void tape_format_destroy(struct tape_format *format)
{
    if (format == NULL) {
        return;
    }
    for (size_t i = 0; i < format->transport->service_count; i++) {
        if (format->slates != NULL) {
            asset_unref(format->slates[i]);
        }
        if (format->pmts != NULL) {
            free(format->pmts[i].packets);
        }
    }
    free(format->slates);
    free(format->pmts);
    free(format->pat.packets);
    si_carousel_destroy(format->nit);
    si_carousel_destroy(format->sdt);
    zone_close(format->zone);
    lattice_destroy(format->lattice);
    free(format);
}

const struct transport *tape_transport(const struct tape_format *format)
{
    return format->transport;
}

struct asset *tape_slate(const struct tape_format *format, size_t service)
{
    return format->slates[service];
}

size_t tape_member_count(const struct tape_format *format)
{
    const bool has_others = format->station->network.eit_other != EIT_OTHER_NONE;
    return has_others ? station_service_count(format->station) : format->transport->service_count;
}

const struct service *tape_member(const struct tape_format *format, size_t member)
{
    const struct transport *transport = format->transport;
    if (member < transport->service_count) {
        return &transport->services[member];
    }
    member -= transport->service_count;
    for (size_t i = 0; i < format->station->transport_count; i++) {
        const struct transport *other = &format->station->transports[i];
        if (other == transport) {
            continue;
        }
        if (member < other->service_count) {
            return &other->services[member];
        }
        member -= other->service_count;
    }
    return NULL;
}

uint64_t tape_slot_of_frame(const struct tape_format *format, int64_t frame)
{
    return (uint64_t)frame * (uint64_t)format->slots_per_frame;
}

int64_t tape_frame_of_slot(const struct tape_format *format, uint64_t slot)
{
    return (int64_t)(slot / (uint64_t)format->slots_per_frame);
}

uint64_t tape_pcr(int slots_per_second, uint64_t slot)
{
    enum { CLOCK_HZ = 27000000 };
    const uint64_t slots = (uint64_t)slots_per_second;
    const uint64_t modulus = (UINT64_C(1) << 33) * 300;
    const uint64_t second = slot / slots;
    const uint64_t rest = slot % slots;                                /* < 2^17: x 27e6 < 2^42 */
    const uint64_t part = (2 * rest * CLOCK_HZ + slots) / (2 * slots); /* to nearest */
    return (second * CLOCK_HZ + part) % modulus;                       /* 2^33 s x 27e6 < 2^58 */
}

/* SPDX-License-Identifier: MIT */
#include "playout/tape_inner.h"

#include "playout/intl.h"
#include "playout/window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    PCR_PER_SECOND = 40,
    PSI_PER_SECOND = 12,       /* PAT and PMT: a little more often than 100 ms asks */
    SYSTEM_LEAK_BPS = 1000000, /* Rxsys; SI PIDs have no model: held to the same */
    VIDEO_GROUP = 1,           /* PCR and video share a PID and its transport buffer */
};

static void choose_shares(const struct tape_format *format,
                          struct lattice_share shares[OWNER_COUNT])
{
    const struct profile *profile = format->transport->profile;
    shares[OWNER_PCR] = (struct lattice_share){PCR_PER_SECOND, 0, VIDEO_GROUP};
    shares[OWNER_PAT] =
        (struct lattice_share){PSI_PER_SECOND * si_packets(format->pat_size), SYSTEM_LEAK_BPS, 0};
    shares[OWNER_PMT] =
        (struct lattice_share){PSI_PER_SECOND * si_packets(format->pmt_size), SYSTEM_LEAK_BPS, 0};
    shares[OWNER_SDT] = (struct lattice_share){si_packets(format->sdt_size), SYSTEM_LEAK_BPS, 0};
    shares[OWNER_EIT] = (struct lattice_share){2 * SI_EIT_PACKETS, SYSTEM_LEAK_BPS, 0};
    shares[OWNER_TDT] = (struct lattice_share){1, SYSTEM_LEAK_BPS, 0};
    shares[OWNER_AUDIO] =
        (struct lattice_share){profile->audio.es.packets_per_second, profile->audio.tb_leak_bps, 0};
    shares[OWNER_VIDEO] = (struct lattice_share){profile->video.es.packets_per_second,
                                                 profile->video.tb_leak_bps, VIDEO_GROUP};
}

static void complain(const struct station *station, const struct transport *transport,
                     struct problems *problems, const char *text)
{
    problems_add(problems, PROBLEM_ERROR, station->path, 0, 0, _("transport '%s': %s"),
                 transport->name, text);
}

static int check_latency(const struct station *station, const struct tape_format *format,
                         enum slot_owner owner, const struct es_profile *es,
                         struct problems *problems)
{
    /* One slot more: an access unit waits for the slot that follows its earliest time. */
    const int64_t slots = lattice_latency(format->lattice, owner) + 1;
    const int64_t latency_us =
        (slots * 1000000 + format->slots_per_second - 1) / format->slots_per_second;
    if (lattice_count(format->lattice, owner) >= es->packets_per_second &&
        latency_us <= es->latency_us) {
        return 0;
    }
    char text[256];
    snprintf(text, sizeof(text),
             _("at this bitrate the %s gets %d packets a second with a latency of %lld µs, and the "
               "profile promises %d with %d µs: raise bitrate_bps, or change the profile"),
             owner == OWNER_VIDEO ? _("picture") : _("sound"),
             lattice_count(format->lattice, owner), (long long)latency_us, es->packets_per_second,
             es->latency_us);
    complain(station, format->transport, problems, text);
    return -EINVAL;
}

static int build_lattice(const struct station *station, struct tape_format *format,
                         struct problems *problems)
{
    struct lattice_share shares[OWNER_COUNT] = {0};
    choose_shares(format, shares);
    const int result = lattice_create(format->slots_per_second, shares, &format->lattice);
    if (result == -ENOSPC) {
        int wanted = 0;
        for (int owner = 0; owner < OWNER_COUNT; owner++) {
            wanted += shares[owner].slots_per_second;
        }
        char text[200];
        snprintf(text, sizeof(text),
                 _("bitrate_bps is too low: its profile and tables need %d packets a second "
                   "(%lld bit/s), there are %d"),
                 wanted, (long long)(wanted + FRAMES_PER_SECOND) * TS_PACKET_SIZE * 8,
                 format->slots_per_second);
        complain(station, format->transport, problems, text);
        return -EINVAL;
    }
    if (result < 0) {
        return result;
    }
    const struct profile *profile = format->transport->profile;
    const int video = check_latency(station, format, OWNER_VIDEO, &profile->video.es, problems);
    const int audio = check_latency(station, format, OWNER_AUDIO, &profile->audio.es, problems);
    return video < 0 ? video : audio;
}

static int check_slate(const struct station *station, const struct tape_format *format,
                       struct problems *problems)
{
    const struct asset_index_header *header = asset_index_of(format->slate)->header;
    const bool fits = strcmp(header->profile, format->transport->profile->name) == 0 &&
                      header->is_cut_anywhere != 0 && header->duration_frames % GOP_FRAMES == 0 &&
                      header->duration_frames >= 2 * GOP_FRAMES;
    if (!fits) {
        complain(station, format->transport, problems,
                 _("its slate is not of its profile, has B-frames or is not a multiple of 24 "
                   "frames long: make one with 'ketang ingest --slate'"));
    }
    return fits ? 0 : -EINVAL;
}

int tape_format_create(const struct station *station, const struct transport *transport,
                       struct asset *slate, struct tape_format **format, struct problems *problems)
{
    struct tape_format *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    fresh->transport = transport;
    fresh->slate = asset_ref(slate);
    fresh->slate_frames = asset_index_of(slate)->header->duration_frames;
    fresh->slots_per_second = transport->slots_per_second;
    fresh->slots_per_frame = transport->slots_per_second / FRAMES_PER_SECOND;
    fresh->pat_size = si_pat(transport, fresh->pat);
    fresh->pmt_size = si_pmt(transport, fresh->pmt);
    fresh->sdt_size = si_sdt(transport, fresh->sdt);

    int result = check_slate(station, fresh, problems);
    if (result == 0) {
        result = build_lattice(station, fresh, problems);
    }
    if (result < 0) {
        tape_format_destroy(fresh);
        return result;
    }
    *format = fresh;
    return 0;
}

void tape_format_destroy(struct tape_format *format)
{
    if (format == NULL) {
        return;
    }
    asset_unref(format->slate);
    lattice_destroy(format->lattice);
    free(format);
}

const struct transport *tape_transport(const struct tape_format *format)
{
    return format->transport;
}

struct asset *tape_slate(const struct tape_format *format)
{
    return format->slate;
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
    const uint64_t rest = slot % slots;                                /* < 2^15: x 27e6 < 2^40 */
    const uint64_t part = (2 * rest * CLOCK_HZ + slots) / (2 * slots); /* to nearest */
    return (second * CLOCK_HZ + part) % modulus;                       /* 2^33 s x 27e6 < 2^58 */
}

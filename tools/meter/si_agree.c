/* SPDX-License-Identifier: MIT */
/*
 * si_agree: what the tables say of each other: PAT, NIT, SDT and EIT.
 */
#include "tools/meter/nit_scan.h"
#include "tools/meter/si_inner.h"

#include <stddef.h>

enum {
    PF_S = 2,        /* by when what the SDT announces must have come */
    SCHEDULE_S = 10, /* the same */
    CARRIED_S = 30,  /* after which what has come no longer counts */
};

const struct si_transport *si_own_transport(const struct si *si)
{
    for (int i = 0; i < si->network.transport_count; i++) {
        if (si->network.transports[i].transport_stream_id == si->psi->transport_stream_id) {
            return &si->network.transports[i];
        }
    }
    return NULL;
}

static bool is_carried(const struct si *si, int64_t byte, int64_t end_byte)
{
    return byte >= 0 && byte >= end_byte - si_bytes_of_s(si, CARRIED_S);
}

/* The flags of the SDT, when they have held long enough. */
static void judge_flags(const struct si *si, struct si_service *service, int64_t end_byte)
{
    static const char *const WORDS[] = {"are not there", "are there"};
    const bool has_pf = is_carried(si, service->pf_byte, end_byte);
    const bool has_schedule = is_carried(si, service->schedule_byte, end_byte);
    const int64_t since = end_byte - service->says_since;
    const bool is_pf_wrong = service->says_pf != has_pf && since > si_bytes_of_s(si, PF_S);
    const bool is_schedule_wrong =
        service->says_schedule != has_schedule && since > si_bytes_of_s(si, SCHEDULE_S);
    if (service->is_told || !service->is_in_sdt) {
        return;
    }
    if (is_pf_wrong) {
        ts_report_problem(si->report, TS_SI_CONTENT, end_byte / TS_SIZE, 0x11,
                          "service 0x%04x: EIT_present_following_flag %d, tables %s",
                          (unsigned)service->service_id, service->says_pf, WORDS[has_pf]);
    }
    if (is_schedule_wrong) {
        ts_report_problem(si->report, TS_SI_CONTENT, end_byte / TS_SIZE, 0x11,
                          "service 0x%04x: EIT_schedule_flag %d, tables %s",
                          (unsigned)service->service_id, service->says_schedule,
                          WORDS[has_schedule]);
    }
    service->is_told = is_pf_wrong || is_schedule_wrong;
}

static void judge_service(const struct si *si, const struct si_service *service, int64_t packet)
{
    const unsigned id = (unsigned)service->service_id;
    if (psi_programme(si->psi, service->service_id) == NULL) {
        ts_report_problem(si->report, TS_SI_CONTENT, packet, -1,
                          "service 0x%04x is in SDT or EIT, not in the PAT", id);
    }
    if (!service->is_in_sdt) {
        ts_report_problem(si->report, TS_SI_CONTENT, packet, -1, "service 0x%04x is not in the SDT",
                          id);
    }
}

/* Services whose tables have come lately, and programmes without any. */
void si_judge_services(const struct si *si, int64_t end_byte)
{
    const int64_t packet = end_byte / TS_SIZE;
    int own = 0;
    for (int i = 0; i < si->service_count; i++) {
        const struct si_service *service = si->services[i];
        own += service->is_other ? 0 : 1;
        if (!service->is_other &&
            (service->is_in_sdt || is_carried(si, service->pf_byte, end_byte))) {
            judge_service(si, service, packet);
        }
    }
    for (int i = 0; i < si->psi->programme_count && own > 0; i++) {
        bool is_known = false;
        for (int k = 0; k < si->service_count; k++) {
            is_known = is_known || (!si->services[k]->is_other &&
                                    si->services[k]->service_id == si->psi->programmes[i].number);
        }
        if (!is_known) {
            ts_report_problem(si->report, TS_SI_CONTENT, packet, -1,
                              "programme 0x%04x of the PAT has no service",
                              (unsigned)si->psi->programmes[i].number);
        }
    }
}

void si_judge_flags(struct si *si, int64_t end_byte)
{
    for (int i = 0; i < si->service_count; i++) {
        if (!si->services[i]->is_other) {
            judge_flags(si, si->services[i], end_byte);
        }
    }
    nit_judge_services(si, end_byte / TS_SIZE);
    si->agreed_byte = end_byte;
}

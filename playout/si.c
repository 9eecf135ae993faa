/* SPDX-License-Identifier: MIT */
#include "playout/si.h"

#include <stdbool.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/pes.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

enum {
    TEXT_UTF8 = 0x15,
    TEXT_MAX = 250, /* short_event: name and text together */
    NAME_MAX_BYTES = 120,
    SERVICE_TYPE_AVC_SD = 0x16,
    RUNNING = 4,
    NOT_RUNNING = 1,
    STREAM_TYPE_AVC = 0x1b,
    STREAM_TYPE_MPEG_AUDIO = 0x03,
    DESCRIPTOR_LANGUAGE_SIZE = 6,
    STUFFING_TABLE_ID = 0x72,
};

static const uint8_t LANGUAGE[3] = {'c', 'h', 'i'};

/* Bytes of the longest beginning of `text` of whole characters within `most`. */
static size_t fit_text(const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most) {
        return length;
    }
    length = most;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}

/* Selector and text; "" stays empty.  Returns the bytes written, at most `most`. */
static uint8_t encode_text(uint8_t *out, const char *text, size_t most)
{
    if (text == NULL || text[0] == '\0' || most < 2) {
        return 0;
    }
    const size_t length = fit_text(text, most - 1);
    out[0] = TEXT_UTF8;
    memcpy(out + 1, text, length);
    return (uint8_t)(length + 1);
}

/* A version that changes with the content: FNV-1a of the section, folded to 5 bits. */
static void set_digest_version(uint8_t *section, size_t size)
{
    uint32_t digest = 2166136261u;
    for (size_t i = 0; i < size; i++) {
        digest = (digest ^ section[i]) * 16777619u;
    }
    digest ^= digest >> 16;
    psi_set_version(section, (uint8_t)((digest ^ digest >> 8) & 0x1f));
    psi_set_current(section); /* psi_set_version() has cleared it */
}

static size_t finish_section(uint8_t *section)
{
    psi_set_crc(section);
    return (size_t)psi_get_length(section) + PSI_HEADER_SIZE;
}

size_t si_pat(const struct transport *transport, uint8_t *section)
{
    memset(section, 0, SI_SECTION_MAX);
    pat_init(section);
    pat_set_length(section, PAT_PROGRAM_SIZE);
    psi_set_tableidext(section, (uint16_t)transport->transport_stream_id);
    psi_set_current(section);
    uint8_t *program = pat_get_program(section, 0);
    patn_init(program);
    patn_set_program(program, (uint16_t)transport->service_id);
    patn_set_pid(program, (uint16_t)transport->pmt_pid);
    set_digest_version(section, PAT_HEADER_SIZE + PAT_PROGRAM_SIZE);
    return finish_section(section);
}

size_t si_pmt(const struct transport *transport, uint8_t *section)
{
    enum { BODY_SIZE = 2 * PMT_ES_SIZE + DESCRIPTOR_LANGUAGE_SIZE };
    memset(section, 0, SI_SECTION_MAX);
    pmt_init(section);
    pmt_set_length(section, BODY_SIZE);
    psi_set_tableidext(section, (uint16_t)transport->service_id);
    psi_set_current(section);
    pmt_set_pcrpid(section, (uint16_t)transport->pcr_pid);
    pmt_set_desclength(section, 0);

    uint8_t *es = section + PMT_HEADER_SIZE;
    pmtn_init(es);
    pmtn_set_streamtype(es, STREAM_TYPE_AVC);
    pmtn_set_pid(es, (uint16_t)transport->video_pid);
    pmtn_set_desclength(es, 0);
    es += PMT_ES_SIZE;
    pmtn_init(es);
    pmtn_set_streamtype(es, STREAM_TYPE_MPEG_AUDIO);
    pmtn_set_pid(es, (uint16_t)transport->audio_pid);
    pmtn_set_desclength(es, DESCRIPTOR_LANGUAGE_SIZE);
    uint8_t *descriptor = es + PMT_ES_SIZE;
    desc0a_init(descriptor);
    desc_set_length(descriptor, DESCRIPTOR_LANGUAGE_SIZE - DESC_HEADER_SIZE);
    desc0an_set_code(descriptor + DESC_HEADER_SIZE, LANGUAGE);

    set_digest_version(section, PMT_HEADER_SIZE + BODY_SIZE);
    return finish_section(section);
}

size_t si_sdt(const struct transport *transport, uint8_t *section)
{
    memset(section, 0, SI_SECTION_MAX);
    sdt_init(section, true);
    sdt_set_tsid(section, (uint16_t)transport->transport_stream_id);
    sdt_set_onid(section, (uint16_t)transport->original_network_id);
    psi_set_current(section);

    uint8_t *service = section + SDT_HEADER_SIZE;
    sdtn_init(service);
    sdtn_set_sid(service, (uint16_t)transport->service_id);
    sdtn_set_eitpresent(service);
    sdtn_set_running(service, RUNNING);

    uint8_t text[TEXT_MAX];
    uint8_t *descriptor = service + SDT_SERVICE_SIZE;
    desc48_init(descriptor);
    desc48_set_type(descriptor, SERVICE_TYPE_AVC_SD);
    desc48_set_provider(descriptor, text, encode_text(text, transport->provider, NAME_MAX_BYTES));
    desc48_set_service(descriptor, text, encode_text(text, transport->title, NAME_MAX_BYTES));
    desc48_set_length(descriptor);
    const uint16_t length = (uint16_t)(desc_get_length(descriptor) + DESC_HEADER_SIZE);
    sdtn_set_desclength(service, length);
    sdt_set_length(section, (uint16_t)(SDT_SERVICE_SIZE + length));

    set_digest_version(section, (size_t)SDT_HEADER_SIZE + SDT_SERVICE_SIZE + length);
    return finish_section(section);
}

size_t si_tdt(int64_t utc_s, uint8_t *section)
{
    memset(section, 0, SI_SECTION_MAX);
    tdt_init(section);
    tdt_set_utc(section, dvb_time_encode_UTC((time_t)utc_s));
    return TDT_HEADER_SIZE;
}

/* Returns the bytes of the event with its descriptors. */
static size_t write_event(uint8_t *out, int section_number, const struct si_event *event)
{
    uint8_t text[TEXT_MAX];
    eitn_init(out);
    eitn_set_event_id(out, event->event_id);
    eitn_set_start_time(out, dvb_time_encode_UTC((time_t)event->start_s));
    eitn_set_duration_bcd(out, dvb_time_encode_duration((unsigned)event->duration_s));
    eitn_set_running(out, section_number == 0 ? RUNNING : NOT_RUNNING);

    uint8_t *descriptor = out + EIT_EVENT_SIZE;
    desc4d_init(descriptor);
    desc4d_set_lang(descriptor, LANGUAGE);
    const uint8_t name = encode_text(text, event->title, NAME_MAX_BYTES);
    desc4d_set_event_name(descriptor, text, name);
    desc4d_set_text(descriptor, text, encode_text(text, event->text, (size_t)TEXT_MAX - name));
    desc4d_set_length(descriptor);
    const uint16_t length = (uint16_t)(desc_get_length(descriptor) + DESC_HEADER_SIZE);
    eitn_set_desclength(out, length);
    return (size_t)EIT_EVENT_SIZE + length;
}

size_t si_eit_pf(const struct transport *transport, int section_number, int version,
                 const struct si_event *event, uint8_t *section)
{
    memset(section, 0, SI_SECTION_MAX);
    eit_init(section, true);
    eit_set_sid(section, (uint16_t)transport->service_id);
    eit_set_tsid(section, (uint16_t)transport->transport_stream_id);
    eit_set_onid(section, (uint16_t)transport->original_network_id);
    psi_set_version(section, (uint8_t)version);
    psi_set_current(section);
    psi_set_section(section, (uint8_t)section_number);
    psi_set_lastsection(section, 1);
    eit_set_segment_last_sec_number(section, 1);
    eit_set_last_table_id(section, EIT_TABLE_ID_PF_ACTUAL);
    size_t size = 0;
    if (event != NULL) {
        size = write_event(section + EIT_HEADER_SIZE, section_number, event);
    }
    eit_set_length(section, (uint16_t)size);
    return finish_section(section);
}

int si_packets(size_t size)
{
    return (int)((1 + size + TS_SIZE - TS_HEADER_SIZE - 1) / (TS_SIZE - TS_HEADER_SIZE));
}

/* A stuffing section that fills the packet, EN 300 468, 5.2.8. */
static void fill_with_stuffing(uint8_t *packet)
{
    uint8_t *section = packet + TS_HEADER_SIZE + 1;
    ts_set_unitstart(packet);
    packet[TS_HEADER_SIZE] = 0;
    memset(section, 0xff, TS_SIZE - TS_HEADER_SIZE - 1);
    section[1] = 0x70;
    psi_set_tableid(section, STUFFING_TABLE_ID);
    psi_set_length(section, TS_SIZE - TS_HEADER_SIZE - 1 - PSI_HEADER_SIZE);
}

void si_packet(uint8_t *packet, int pid, uint8_t continuity_counter, const uint8_t *section,
               size_t size, int index)
{
    enum { PAYLOAD = TS_SIZE - TS_HEADER_SIZE };
    ts_init(packet);
    ts_set_pid(packet, (uint16_t)pid);
    ts_set_cc(packet, continuity_counter);
    ts_set_payload(packet);
    if (index >= si_packets(size)) {
        fill_with_stuffing(packet);
        return;
    }
    uint8_t *payload = packet + TS_HEADER_SIZE;
    size_t room = PAYLOAD;
    size_t offset = 0;
    if (index == 0) {
        ts_set_unitstart(packet);
        *payload++ = 0; /* pointer_field */
        room--;
    } else {
        offset = (size_t)index * PAYLOAD - 1;
    }
    const size_t rest = size - offset;
    const size_t used = rest < room ? rest : room;
    memcpy(payload, section + offset, used);
    memset(payload + used, 0xff, room - used);
}

/* SPDX-License-Identifier: MIT */
/*
 * si_descriptors: loops of descriptors in PSI and SI tables.
 *
 * Judges whether they come out even, belong where they are, have a length
 * that their tag allows, and say something possible; text is decoded for
 * that.  A tag that is not known here is only measured.
 *
 * Normative references: ISO/IEC 13818-1, 2.6; ETSI EN 300 468, 6.1 (where
 * which may be), 6.2, Annex D (AC-3) and Annex H (AAC).
 */
#ifndef TOOLS_METER_SI_DESCRIPTORS_H
#define TOOLS_METER_SI_DESCRIPTORS_H

#include "tools/meter/dvb_text.h"
#include "tools/meter/section_scan.h"

enum {
    DESCRIPTOR_REGISTRATION = 0x05,
    DESCRIPTOR_ALIGNMENT = 0x06,
    DESCRIPTOR_CA = 0x09,
    DESCRIPTOR_LANGUAGE = 0x0a,
    DESCRIPTOR_AVC_VIDEO = 0x28,
    DESCRIPTOR_AVC_TIMING = 0x2a,
    DESCRIPTOR_HEVC_VIDEO = 0x38,
    DESCRIPTOR_NETWORK_NAME = 0x40,
    DESCRIPTOR_SERVICE_LIST = 0x41,
    DESCRIPTOR_CABLE = 0x44,
    DESCRIPTOR_BOUQUET_NAME = 0x47,
    DESCRIPTOR_SERVICE = 0x48,
    DESCRIPTOR_LINKAGE = 0x4a,
    DESCRIPTOR_SHORT_EVENT = 0x4d,
    DESCRIPTOR_EXTENDED_EVENT = 0x4e,
    DESCRIPTOR_COMPONENT = 0x50,
    DESCRIPTOR_STREAM_IDENTIFIER = 0x52,
    DESCRIPTOR_CONTENT = 0x54,
    DESCRIPTOR_PARENTAL = 0x55,
    DESCRIPTOR_TELETEXT = 0x56,
    DESCRIPTOR_LOCAL_TIME = 0x58,
    DESCRIPTOR_SUBTITLING = 0x59,
    DESCRIPTOR_PRIVATE_DATA = 0x5f,
    DESCRIPTOR_AC3 = 0x6a,
    DESCRIPTOR_EAC3 = 0x7a,
    DESCRIPTOR_AAC = 0x7c,
    DESCRIPTOR_CHANNEL_NUMBERS = 0x83,
};

/* Where a loop is. */
enum si_place {
    IN_PROGRAMME = 1 << 0, /* PMT, first loop */
    IN_STREAM = 1 << 1,    /* PMT, second loop */
    IN_CAT = 1 << 2,
    IN_NETWORK = 1 << 3,   /* NIT, first loop */
    IN_TRANSPORT = 1 << 4, /* NIT and BAT, second loop */
    IN_BOUQUET = 1 << 5,   /* BAT, first loop */
    IN_SERVICE = 1 << 6,   /* SDT */
    IN_EVENT = 1 << 7,     /* EIT */
    IN_TIME = 1 << 8,      /* TOT */
};

/* `text` NULL: text is not decoded, and so not judged. */
struct si_context {
    const struct section *section;
    struct dvb_text *text;
    struct ts_report *report;
};

/* False when the loop does not come out even; that is told, and all else that is wrong. */
bool si_judge_descriptors(const struct si_context *context, enum si_place place,
                          const uint8_t *bytes, int size);

/* Whether a loop of descriptors comes out even. */
bool si_descriptors_fit(const uint8_t *bytes, int size);

/* The next descriptor with this tag from `from` on (NULL: from the beginning); NULL: none. */
const uint8_t *si_find_descriptor(const uint8_t *bytes, int size, int tag, const uint8_t *from);

#endif

/* SPDX-License-Identifier: MIT */
#include "tests/support/dvbpsi_json.h"

#include <dvbpsi/dr_0a.h>
#include <dvbpsi/dr_40.h>
#include <dvbpsi/dr_41.h>
#include <dvbpsi/dr_44.h>
#include <dvbpsi/dr_47.h>
#include <dvbpsi/dr_48.h>
#include <dvbpsi/dr_4d.h>
#include <dvbpsi/dr_4e.h>
#include <dvbpsi/dr_50.h>
#include <dvbpsi/dr_52.h>
#include <dvbpsi/dr_54.h>
#include <dvbpsi/dr_55.h>
#include <dvbpsi/dr_58.h>

#include <stddef.h>
#include <stdio.h>

enum { TEXT_MAX = 256, UTF8 = 0x15, MJD_OF_EPOCH = 40587, DAY_S = 86400 };

json_int_t dvbpsi_json_bcd(uint64_t bcd, int digits)
{
    json_int_t value = 0;
    for (int i = digits - 1; i >= 0; i--) {
        value = value * 10 + (json_int_t)(bcd >> (4 * i) & 15);
    }
    return value;
}

int dvbpsi_json_duration(uint32_t bcd)
{
    return (int)(dvbpsi_json_bcd(bcd >> 16, 2) * 3600 + dvbpsi_json_bcd(bcd >> 8, 2) * 60 +
                 dvbpsi_json_bcd(bcd, 2));
}

json_int_t dvbpsi_json_utc(uint64_t mjd_bcd)
{
    return ((json_int_t)(mjd_bcd >> 24 & 0xffff) - MJD_OF_EPOCH) * DAY_S +
           dvbpsi_json_duration((uint32_t)(mjd_bcd & 0xffffff));
}

void dvbpsi_json_text(json_t *object, const char *name, const uint8_t *bytes, int size,
                      struct dvb_text *text)
{
    char hex[2 * TEXT_MAX + 1] = "";
    char hex_name[32];
    char utf8[DVB_TEXT_ROOM];
    for (int i = 0; i < size && i < TEXT_MAX; i++) {
        snprintf(hex + 2 * (size_t)i, 3, "%02x", bytes[i]);
    }
    snprintf(hex_name, sizeof(hex_name), "%s_hex", name);
    json_object_set_new(object, hex_name, json_string(hex));
    if (text != NULL && dvb_text_decode(text, bytes, size, utf8)) {
        json_object_set_new(object, name, json_string(utf8));
    } else if (text == NULL && size > 0 && bytes[0] == UTF8) {
        json_object_set_new(object, name, json_stringn((const char *)bytes + 1, (size_t)size - 1));
    }
}

static void append(json_t *object, const char *name, json_t *value)
{
    json_t *array = json_object_get(object, name);
    if (array == NULL) {
        array = json_array();
        json_object_set_new(object, name, array);
    }
    json_array_append_new(array, value);
}

static void put_language(json_t *object, const uint8_t *code)
{
    json_object_set_new(object, "language", json_stringn((const char *)code, 3));
}

static void put_names(json_t *object, dvbpsi_descriptor_t *d, struct dvb_text *text)
{
    const dvbpsi_network_name_dr_t *network =
        d->i_tag == 0x40 ? dvbpsi_DecodeNetworkNameDr(d) : NULL;
    const dvbpsi_bouquet_name_dr_t *bouquet =
        d->i_tag == 0x47 ? dvbpsi_DecodeBouquetNameDr(d) : NULL;
    const dvbpsi_service_dr_t *service = d->i_tag == 0x48 ? dvbpsi_DecodeServiceDr(d) : NULL;
    if (network != NULL) {
        dvbpsi_json_text(object, "name", network->i_name_byte, network->i_name_length, text);
    }
    if (bouquet != NULL) {
        dvbpsi_json_text(object, "name", bouquet->i_char, bouquet->i_name_length, text);
    }
    if (service != NULL) {
        json_object_set_new(object, "service_type", json_integer(service->i_service_type));
        dvbpsi_json_text(object, "provider", service->i_service_provider_name,
                         service->i_service_provider_name_length, text);
        dvbpsi_json_text(object, "name", service->i_service_name, service->i_service_name_length,
                         text);
    }
}

static void put_extended(json_t *object, const dvbpsi_extended_event_dr_t *more,
                         struct dvb_text *text)
{
    json_t *part = json_pack("{s:i, s:i}", "number", more->i_descriptor_number, "last",
                             more->i_last_descriptor_number);
    put_language(part, more->i_iso_639_code);
    dvbpsi_json_text(part, "text", more->i_text, more->i_text_length, text);
    for (int i = 0; i < more->i_entry_count; i++) {
        json_t *item = json_object();
        dvbpsi_json_text(item, "description", more->i_item_description[i],
                         more->i_item_description_length[i], text);
        dvbpsi_json_text(item, "item", more->i_item[i], more->i_item_length[i], text);
        append(part, "items", item);
    }
    append(object, "extended", part);
}

static void put_event(json_t *object, dvbpsi_descriptor_t *d, struct dvb_text *text)
{
    const dvbpsi_short_event_dr_t *names = d->i_tag == 0x4d ? dvbpsi_DecodeShortEventDr(d) : NULL;
    const dvbpsi_extended_event_dr_t *more =
        d->i_tag == 0x4e ? dvbpsi_DecodeExtendedEventDr(d) : NULL;
    const dvbpsi_content_dr_t *genres = d->i_tag == 0x54 ? dvbpsi_DecodeContentDr(d) : NULL;
    dvbpsi_parental_rating_dr_t *ratings =
        d->i_tag == 0x55 ? dvbpsi_DecodeParentalRatingDr(d) : NULL;
    if (names != NULL) {
        put_language(object, names->i_iso_639_code);
        dvbpsi_json_text(object, "name", names->i_event_name, names->i_event_name_length, text);
        dvbpsi_json_text(object, "text", names->i_text, names->i_text_length, text);
    }
    if (more != NULL) {
        put_extended(object, more, text);
    }
    for (int i = 0; genres != NULL && i < genres->i_contents_number; i++) {
        append(object, "content", json_integer(genres->p_content[i].i_type));
    }
    for (int i = 0; ratings != NULL && i < ratings->i_ratings_number; i++) {
        const uint32_t code = ratings->p_parental_rating[i].i_country_code;
        const char country[] = {(char)(code >> 16), (char)(code >> 8), (char)code, '\0'};
        append(object, "parental",
               json_pack("{s:s, s:i}", "country", country, "rating",
                         ratings->p_parental_rating[i].i_rating));
    }
}

static void put_component(json_t *object, dvbpsi_descriptor_t *d, struct dvb_text *text)
{
    const dvbpsi_component_dr_t *part = d->i_tag == 0x50 ? dvbpsi_DecodeComponentDr(d) : NULL;
    if (part != NULL) {
        json_t *component = json_pack(
            "{s:i, s:i, s:i}", "stream_content", part->i_stream_content & 0x0f, "component_type",
            part->i_component_type, "component_tag", part->i_component_tag);
        put_language(component, part->i_iso_639_code);
        dvbpsi_json_text(component, "text", part->i_text, part->i_text_length, text);
        append(object, "components", component);
    }
}

/* libdvbpsi 1.3.3 does not read the 12 reserved bits of 0x44, and leaves BCD as it is. */
static void put_transport(json_t *object, dvbpsi_descriptor_t *d)
{
    const dvbpsi_service_list_dr_t *list = d->i_tag == 0x41 ? dvbpsi_DecodeServiceListDr(d) : NULL;
    const dvbpsi_cable_deliv_sys_dr_t *cable =
        d->i_tag == 0x44 ? dvbpsi_DecodeCableDelivSysDr(d) : NULL;
    for (int i = 0; list != NULL && i < list->i_service_count; i++) {
        append(object, "services",
               json_pack("{s:i, s:i}", "service_id", list->i_service[i].i_service_id,
                         "service_type", list->i_service[i].i_service_type));
    }
    if (cable != NULL) {
        json_object_set_new(object, "cable",
                            json_pack("{s:I, s:i, s:I, s:i, s:i}", "frequency_hz",
                                      dvbpsi_json_bcd(cable->i_frequency, 8) * 100, "modulation",
                                      cable->i_modulation, "symbol_rate_baud",
                                      dvbpsi_json_bcd(cable->i_symbol_rate, 7) * 100, "fec_inner",
                                      cable->i_fec_inner, "fec_outer", cable->i_fec_outer));
    }
    for (int at = 0; d->i_tag == 0x83 && at + 4 <= d->i_length; at += 4) {
        const uint8_t *entry = d->p_data + at;
        append(object, "channels",
               json_pack("{s:i, s:i}", "service_id", entry[0] << 8 | entry[1], "number",
                         (entry[2] << 8 | entry[3]) & 0x3ff));
    }
}

static void put_stream(json_t *object, dvbpsi_descriptor_t *d)
{
    const dvbpsi_iso639_dr_t *languages = d->i_tag == 0x0a ? dvbpsi_DecodeISO639Dr(d) : NULL;
    const dvbpsi_stream_identifier_dr_t *identifier =
        d->i_tag == 0x52 ? dvbpsi_DecodeStreamIdentifierDr(d) : NULL;
    if (languages != NULL && languages->i_code_count > 0) {
        put_language(object, languages->code[0].iso_639_code);
    }
    if (identifier != NULL) {
        json_object_set_new(object, "component_tag", json_integer(identifier->i_component_tag));
    }
}

static void put_offsets(json_t *object, dvbpsi_descriptor_t *d)
{
    const dvbpsi_local_time_offset_dr_t *offsets =
        d->i_tag == 0x58 ? dvbpsi_DecodeLocalTimeOffsetDr(d) : NULL;
    for (int i = 0; offsets != NULL && i < offsets->i_local_time_offsets_number; i++) {
        const dvbpsi_local_time_offset_t *o = &offsets->p_local_time_offset[i];
        const char country[] = {(char)o->i_country_code[0], (char)o->i_country_code[1],
                                (char)o->i_country_code[2], '\0'};
        append(object, "offsets",
               json_pack("{s:s, s:i, s:I}", "country", country, "polarity",
                         o->i_local_time_offset_polarity, "hhmm",
                         dvbpsi_json_bcd(o->i_local_time_offset, 4)));
    }
}

void dvbpsi_json_descriptors(json_t *object, dvbpsi_descriptor_t *first, struct dvb_text *text)
{
    for (dvbpsi_descriptor_t *d = first; d != NULL; d = d->p_next) {
        append(object, "tags", json_integer(d->i_tag));
        put_names(object, d, text);
        put_event(object, d, text);
        put_component(object, d, text);
        put_transport(object, d);
        put_stream(object, d);
        put_offsets(object, d);
    }
}

/* SPDX-License-Identifier: MIT */
/* PAT and PMT, with the descriptors that DVB receivers look for. */
#include "playout/si_inner.h"

#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum {
    STREAM_MPEG2_VIDEO = 0x02,
    STREAM_MPEG1_AUDIO = 0x03,
    STREAM_PRIVATE = 0x06,
    STREAM_AAC = 0x0f,
    STREAM_AVC = 0x1b,
    STREAM_HEVC = 0x24,
    AVC_HIGH = 100,
    FRAME_RATE_25 = 3,
    MPEG2_MAIN = 4,
    CHROMA_420 = 1,
    AAC_LEVEL_2 = 0x51, /* AAC profile: two channels, 48 kHz */
    AC3_STEREO = 0x42,  /* full service, complete main, two channels; EN 300 468, table D.1 */
};

int si_pat(const struct station *station, const struct transport *transport,
           struct si_sections *sections)
{
    struct si_table table = {sections, sections->count};
    uint8_t *section = si_table_add(&table);
    if (section == NULL) {
        return si_table_abandon(&table);
    }
    (void)station;
    pat_init(section);
    pat_set_tsid(section, (uint16_t)transport->transport_stream_id);
    uint8_t *program = section + PAT_HEADER_SIZE;
    for (size_t i = 0; i < transport->service_count; i++, program += PAT_PROGRAM_SIZE) {
        patn_init(program);
        patn_set_program(program, (uint16_t)transport->services[i].service_id);
        patn_set_pid(program, (uint16_t)transport->services[i].pmt_pid);
    }
    pat_set_length(section, (uint16_t)(program - section - PAT_HEADER_SIZE));
    return si_table_finish(&table);
}

static uint8_t *put_avc(uint8_t *out, const struct video_profile *video)
{
    desc28_init(out); /* no stills, no 24-hour pictures; no frame packing */
    desc28_set_profile_idc(out, AVC_HIGH);
    desc28_set_avc_compatible_flags(out, 0);
    out[3] = 0; /* no constraint_set flag either */
    desc28_set_level_idc(out, (uint8_t)video->level);
    return out + DESC28_HEADER_SIZE;
}

static uint8_t *put_mpeg2(uint8_t *out, const struct video_profile *video)
{
    memset(out, 0, DESC02_HEADER_SIZE + 2);
    desc02_init(out);
    desc_set_length(out, 3); /* not of MPEG-1: with profile and level */
    desc02_set_multiple_frame_rate(out, false);
    desc02_set_frame_rate_code(out, FRAME_RATE_25);
    out[2] &= (uint8_t)~0x07; /* MPEG_1_only, constrained_parameter, still_picture */
    out[3] = (uint8_t)(MPEG2_MAIN << 4 | video->level);
    out[4] = CHROMA_420 << 6 | 0x1f;
    return out + 5;
}

/* HEVC_video_descriptor, ISO/IEC 13818-1, 2.6.95: Main 10, main tier. */
static uint8_t *put_hevc(uint8_t *out, const struct video_profile *video)
{
    enum { SIZE = 13, MAIN_10 = 2, PROGRESSIVE_FRAMES = 0x90, LEVEL_FACTOR = 3 };
    memset(out, 0, 2 + SIZE);
    out[0] = 0x38;
    out[1] = SIZE;
    out[2] = MAIN_10;
    out[3] = 0x80 >> MAIN_10; /* compatible with itself alone */
    out[7] = PROGRESSIVE_FRAMES;
    out[13] = (uint8_t)(video->level * LEVEL_FACTOR);
    out[14] = 0x1f; /* no layers, stills, 24-hour pictures; HDR and colour not told */
    return out + 2 + SIZE;
}

static uint8_t *put_stream_identifier(uint8_t *out, uint8_t tag)
{
    desc52_init(out);
    desc52_set_component_tag(out, tag);
    return out + DESC52_HEADER_SIZE;
}

static uint8_t *put_language(uint8_t *out, const struct station *station)
{
    desc0a_init(out);
    desc_set_length(out, DESC0A_LANGUAGE_SIZE);
    desc0an_set_code(out + DESC0A_HEADER_SIZE, (const uint8_t *)station->network.language);
    desc0an_set_audiotype(out + DESC0A_HEADER_SIZE, DESC0A_TYPE_UNDEFINED);
    return out + DESC0A_HEADER_SIZE + DESC0A_LANGUAGE_SIZE;
}

static uint8_t *put_ac3(uint8_t *out)
{
    desc05_init(out);
    desc05_set_identifier(out, (const uint8_t *)"AC-3");
    out += DESC05_HEADER_SIZE;
    desc6a_init(out);
    desc6a_clear_flags(out);
    desc6a_set_component_type_flag(out, true);
    desc6a_set_component_type(out, AC3_STEREO);
    desc6a_set_length(out);
    return out + DESC_HEADER_SIZE + desc_get_length(out);
}

static uint8_t *put_aac(uint8_t *out)
{
    desc7c_init(out);
    desc7c_set_profile_and_level(out, AAC_LEVEL_2);
    return out + DESC7C_HEADER_SIZE;
}

/* Returns what follows the stream whose descriptors end at `end`. */
static uint8_t *close_stream(uint8_t *stream, uint8_t *end)
{
    pmtn_set_desclength(stream, (uint16_t)(end - stream - PMT_ES_SIZE));
    return end;
}

static uint8_t *put_video(uint8_t *stream, const struct service *service)
{
    static const uint8_t TYPES[] = {
        [VIDEO_H264] = STREAM_AVC, [VIDEO_MPEG2] = STREAM_MPEG2_VIDEO, [VIDEO_HEVC] = STREAM_HEVC};
    const struct video_profile *video = &service->profile->video;
    pmtn_init(stream);
    pmtn_set_streamtype(stream, TYPES[video->codec]);
    pmtn_set_pid(stream, (uint16_t)service->video_pid);
    uint8_t *out = stream + PMT_ES_SIZE;
    switch (video->codec) {
    case VIDEO_H264:
        out = put_avc(out, video);
        break;
    case VIDEO_MPEG2:
        out = put_mpeg2(out, video);
        break;
    default:
        out = put_hevc(out, video);
        break;
    }
    return close_stream(stream, put_stream_identifier(out, TAG_VIDEO));
}

static uint8_t *put_audio(uint8_t *stream, const struct station *station,
                          const struct service *service)
{
    static const uint8_t TYPES[] = {
        [AUDIO_MP2] = STREAM_MPEG1_AUDIO, [AUDIO_AAC] = STREAM_AAC, [AUDIO_AC3] = STREAM_PRIVATE};
    const enum audio_codec codec = service->profile->audio.codec;
    pmtn_init(stream);
    pmtn_set_streamtype(stream, TYPES[codec]);
    pmtn_set_pid(stream, (uint16_t)service->audio_pid);
    uint8_t *out = stream + PMT_ES_SIZE;
    if (codec == AUDIO_AC3) {
        out = put_ac3(out);
    } else if (codec == AUDIO_AAC) {
        out = put_aac(out);
    }
    out = put_stream_identifier(put_language(out, station), TAG_AUDIO);
    return close_stream(stream, out);
}

int si_pmt(const struct station *station, const struct service *service,
           struct si_sections *sections)
{
    struct si_table table = {sections, sections->count};
    uint8_t *section = si_table_add(&table);
    if (section == NULL) {
        return si_table_abandon(&table);
    }
    pmt_init(section);
    pmt_set_program(section, (uint16_t)service->service_id);
    pmt_set_pcrpid(section, (uint16_t)service->video_pid);
    pmt_set_desclength(section, 0);
    uint8_t *end = put_video(section + PMT_HEADER_SIZE, service);
    end = put_audio(end, station, service);
    pmt_set_length(section, (uint16_t)(end - section - PMT_HEADER_SIZE));
    return si_table_finish(&table);
}

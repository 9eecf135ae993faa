/* SPDX-License-Identifier: MIT */
#include "tools/meter/es_frame.h"

enum { LAYER_II = 2, AAC_SAMPLES = 1024, AC3_SAMPLES = 1536, AC3_BSID_MAX = 8 };

bool es_frame_mpeg(const uint8_t *header, struct es_frame *frame)
{
    static const int SAMPLE_RATES[3] = {44100, 48000, 32000};
    static const int RATES_KBPS[2][15] = {
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    };
    const int is_mpeg1 = header[1] >> 3 & 1;
    const int layer = header[1] >> 1 & 3;
    const int rate = header[2] >> 4;
    const int sampling = header[2] >> 2 & 3;
    if (header[0] != 0xff || (header[1] & 0xf0) != 0xf0 || layer == 0 || rate == 15 ||
        sampling == 3) {
        return false;
    }
    *frame = (struct es_frame){
        .size = 1,
        .samples = 1152,
        .sample_rate = SAMPLE_RATES[sampling] / (is_mpeg1 ? 1 : 2),
        .channels = header[3] >> 6 == 3 ? 1 : 2,
    };
    if (layer != LAYER_II || rate == 0) {
        frame->ungraded = layer != LAYER_II ? "MPEG audio of Layer I or III" : "free bit rate";
        return true;
    }
    frame->size = frame->samples / 8 * RATES_KBPS[is_mpeg1][rate] * 1000 / frame->sample_rate +
                  (header[2] >> 1 & 1);
    return true;
}

bool es_frame_adts(const uint8_t *header, struct es_frame *frame)
{
    static const int SAMPLE_RATES[13] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                         22050, 16000, 12000, 11025, 8000,  7350};
    static const int CHANNELS[8] = {0, 1, 2, 3, 4, 5, 6, 8};
    const int sampling = header[2] >> 2 & 0x0f;
    const bool has_crc = (header[1] & 1) == 0;
    const int size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5;
    const int blocks = (header[6] & 3) + 1;
    if (header[0] != 0xff || (header[1] & 0xf6) != 0xf0 || sampling > 12 ||
        size <= ES_FRAME_HEADER + (has_crc ? 2 : 0)) {
        return false;
    }
    *frame = (struct es_frame){
        .size = size,
        .samples = AAC_SAMPLES * blocks,
        .sample_rate = SAMPLE_RATES[sampling],
        .channels = CHANNELS[(header[2] & 1) << 2 | header[3] >> 6],
    };
    return true;
}

bool es_frame_ac3(const uint8_t *header, struct es_frame *frame)
{
    static const int SAMPLE_RATES[3] = {48000, 44100, 32000};
    static const int RATES_KBPS[19] = {32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                       192, 224, 256, 320, 384, 448, 512, 576, 640};
    static const int CHANNELS[8] = {2, 1, 2, 3, 3, 4, 4, 5};
    const int sampling = header[4] >> 6;
    const int code = header[4] & 0x3f;
    const int bsid = header[5] >> 3;
    if (header[0] != 0x0b || header[1] != 0x77 || bsid > 16) {
        return false;
    }
    const bool is_enhanced = bsid > AC3_BSID_MAX;
    if (!is_enhanced && (sampling == 3 || code >= 2 * 19)) {
        return false;
    }
    *frame = (struct es_frame){.size = 1, .samples = AC3_SAMPLES, .sample_rate = 48000};
    if (is_enhanced) {
        frame->ungraded = "Enhanced AC-3, or AC-3 at a reduced sampling rate";
        return true;
    }
    const int rate_bps = RATES_KBPS[code / 2] * 1000;
    frame->sample_rate = SAMPLE_RATES[sampling];
    frame->channels = CHANNELS[header[6] >> 5]; /* and perhaps one for low frequencies */
    frame->size = 2 * (AC3_SAMPLES / 16 * rate_bps / frame->sample_rate);
    frame->size += frame->sample_rate == 44100 && code % 2 == 1 ? 2 : 0;
    return true;
}

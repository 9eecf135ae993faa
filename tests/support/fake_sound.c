/* SPDX-License-Identifier: MIT */
#include "tests/support/fake_sound.h"

#include <assert.h>

/* Bit rates in kb/s by their index in the frame header. */
static const int MP2_RATES[] = {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384};
static const int AC3_RATES[] = {32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                192, 224, 256, 320, 384, 448, 512, 576, 640};

static unsigned index_of(const int *rates, size_t count, int bitrate_bps)
{
    for (size_t i = 0; i < count; i++) {
        if (rates[i] * 1000 == bitrate_bps) {
            return (unsigned)i;
        }
    }
    assert(!"no frames of that bit rate");
    return 0;
}

/* Bytes of a frame at the bit rate, when all were equal. */
static int64_t mean_size(const struct audio_profile *audio)
{
    return (int64_t)audio->bitrate_bps * audio->es.unit_ticks / 90000 / 8;
}

size_t fake_sound_size(const struct audio_profile *audio, struct dice *dice)
{
    const int64_t mean = mean_size(audio);
    return (size_t)(audio->codec == AUDIO_AAC ? dice_between(dice, mean * 7 / 8, mean * 17 / 16)
                                              : mean);
}

void fake_sound_write(const struct audio_profile *audio, struct dice *dice, uint8_t *bytes,
                      size_t size)
{
    dice_fill(dice, bytes, size);
    if (audio->codec == AUDIO_MP2) {
        const unsigned rate =
            index_of(MP2_RATES, sizeof(MP2_RATES) / sizeof(MP2_RATES[0]), audio->bitrate_bps);
        bytes[0] = 0xff;
        bytes[1] = 0xfd;                          /* MPEG-1, Layer II, no CRC */
        bytes[2] = (uint8_t)(rate << 4 | 1 << 2); /* 48 kHz */
        bytes[3] = 0x00;                          /* stereo */
    } else if (audio->codec == AUDIO_AC3) {
        const unsigned rate =
            index_of(AC3_RATES, sizeof(AC3_RATES) / sizeof(AC3_RATES[0]), audio->bitrate_bps);
        bytes[0] = 0x0b;
        bytes[1] = 0x77;
        bytes[4] = (uint8_t)(rate << 1); /* fscod 0: 48 kHz */
        bytes[5] = 8 << 3;               /* bsid 8, bsmod 0 */
        bytes[6] = 2 << 5;               /* acmod 2/0, dsurmod 0, lfeon 0 */
    }
}

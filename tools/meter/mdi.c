/* SPDX-License-Identifier: MIT */
#include "tools/meter/mdi.h"

static const int64_t SECOND_NS = INT64_C(1000000000);

void mdi_start(struct mdi *mdi, double rate_bps)
{
    mdi->rate_bps = rate_bps;
    mdi->has_started = false;
}

static void start_second(struct mdi *mdi, int64_t start_ns)
{
    mdi->has_started = true;
    mdi->start_ns = start_ns;
    mdi->bytes = 0;
    mdi->lowest = 0;
    mdi->highest = 0;
    mdi->lost = 0;
}

static void end_second(struct mdi *mdi)
{
    mdi->delay_factor_ms = (mdi->highest - mdi->lowest) * 8000 / mdi->rate_bps;
    mdi->loss_rate = mdi->lost;
    mdi->seconds++;
    if (mdi->delay_factor_ms > mdi->worst_delay_factor_ms) {
        mdi->worst_delay_factor_ms = mdi->delay_factor_ms;
    }
    if (mdi->loss_rate > mdi->worst_loss_rate) {
        mdi->worst_loss_rate = mdi->loss_rate;
    }
}

void mdi_reset(struct mdi *mdi)
{
    *mdi = (struct mdi){.rate_bps = mdi->rate_bps};
}

void mdi_datagram(struct mdi *mdi, int64_t arrival_ns, int bytes)
{
    if (mdi->rate_bps <= 0) {
        return;
    }
    if (!mdi->has_started || arrival_ns < mdi->start_ns) {
        start_second(mdi, arrival_ns);
    }
    while (arrival_ns - mdi->start_ns >= SECOND_NS) {
        /* A pause of several seconds counts as the one in which it began. */
        end_second(mdi);
        const int64_t whole = (arrival_ns - mdi->start_ns) / SECOND_NS;
        start_second(mdi, mdi->start_ns + whole * SECOND_NS);
    }
    /* The buffer before and after the arrival: RFC 4445, 3.1. */
    const double drained = (double)(arrival_ns - mdi->start_ns) * 1e-9 * mdi->rate_bps / 8;
    const double before = mdi->bytes - drained;
    mdi->bytes += bytes;
    const double after = mdi->bytes - drained;
    mdi->lowest = before < mdi->lowest ? before : mdi->lowest;
    mdi->highest = after > mdi->highest ? after : mdi->highest;
}

void mdi_lost(struct mdi *mdi, int64_t packets)
{
    mdi->lost += packets;
    mdi->lost_total += packets;
}

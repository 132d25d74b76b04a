#include <cmath>

#include "daemon/simulate/stream.h"

namespace cellvigil::simulate {
namespace {

double amount_of(const Observation& reading) { return static_cast<double>(reading.value->micro) / 1e6; }

// The figure of the other unit under the usual unit's name.
bool swap_unit(Observation& reading) {
    const double amount = amount_of(reading);
    if (reading.analyte == Analyte::temperature) {
        reading.value = to_digits(amount * 1.8 + 32, 1);
    } else if (reading.analyte == Analyte::spo2) {
        reading.value = to_digits(amount / 100, 2);
    } else if (reading.analyte == Analyte::heart_rate) {
        return false;
    } else {
        reading.value = to_digits(amount / 7.50062, 1);
    }
    return true;
}

bool is_bedside(Analyte analyte) {
    return analyte == Analyte::temperature || analyte == Analyte::systolic || analyte == Analyte::diastolic ||
           analyte == Analyte::spo2 || analyte == Analyte::heart_rate;
}

}  // namespace

Faults slip_reading(Observation& reading, const VitalSigns& habits, Random& random, int& day_shift) {
    const bool unit = random.chance(habits.unit_error);
    const bool digit = random.chance(habits.digit_slip);
    const bool day = random.chance(habits.wrong_day);
    const bool doubled = random.chance(0.5);
    if (!is_bedside(reading.analyte) || !reading.value) return 0;
    Faults done = 0;
    if (unit && swap_unit(reading)) {
        done |= bit(Fault::unit_error);
    } else if (digit) {  // a digit too many, or one too few
        const double amount = amount_of(reading);
        reading.value = to_digits(doubled ? amount * 10 + 3 : std::floor(amount / 10), 1);
        done |= bit(Fault::digit_slip);
    }
    if (day) {
        day_shift = -1;
        done |= bit(Fault::wrong_day);
    }
    return done;
}

}  // namespace cellvigil::simulate

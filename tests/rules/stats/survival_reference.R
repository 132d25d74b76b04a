# Curves of R's survival on its own data sets, with the day tables they come from, for survival_reference_test.cc.
#
# Output, one record a line:
#   data NAME CAUSES
#   row DAY ENTRIES CENSORED EVENTS...     the day table
#   km DAY SURVIVAL SE LOWER UPPER HAZARD HAZARD_SE
#   quantile P DAY LOWER UPPER
#   aj CAUSE DAY INCIDENCE SE LOWER UPPER
# NA is what is not defined.
suppressPackageStartupMessages(library(survival))
options(digits = 17)

number <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "NA")
record <- function(...) cat(paste(..., sep = " "), "\n", sep = "")

# origin < exit in whole units; outcome 0 is censored, k > 0 the cause.
describe <- function(name, origin, exit, outcome, times) {
    causes <- max(outcome, 1)
    record("data", name, causes)
    for (day in sort(unique(c(origin, exit)))) {
        events <- sapply(seq_len(causes), function(k) sum(exit == day & outcome == k))
        record("row", day, sum(origin == day), sum(exit == day & outcome == 0), paste(events, collapse = " "))
    }
    fit <- survfit(Surv(origin, exit, outcome > 0) ~ 1, conf.type = "log-log", timefix = FALSE)
    at <- summary(fit, times = times, extend = TRUE)
    i <- findInterval(times, fit$time)
    hazard <- c(0, fit$cumhaz)[i + 1]
    hazard_se <- c(0, fit$std.chaz)[i + 1]
    for (j in seq_along(times)) {
        record("km", times[j], number(at$surv[j]), number(at$std.err[j]), number(at$lower[j]), number(at$upper[j]),
               number(hazard[j]), number(hazard_se[j]))
    }
    q <- quantile(fit, c(0.1, 0.25, 0.5, 0.75))
    for (j in 1:4) {
        record("quantile", c(0.1, 0.25, 0.5, 0.75)[j], number(q$quantile[j]), number(q$lower[j]), number(q$upper[j]))
    }
    if (causes > 1) {
        state <- factor(outcome, 0:causes, c("none", paste0("cause", seq_len(causes))))
        fit <- survfit(Surv(origin, exit, state) ~ 1, id = seq_along(exit), conf.type = "log-log", timefix = FALSE)
        at <- summary(fit, times = times, extend = TRUE)
        for (k in seq_len(causes)) {
            for (j in seq_along(times)) {
                record("aj", k, times[j], number(at$pstate[j, k + 1]), number(at$std.err[j, k + 1]),
                       number(at$lower[j, k + 1]), number(at$upper[j, k + 1]))
            }
        }
    }
}

zero <- function(x) rep(0, length(x))

describe("ovarian", zero(ovarian$futime), ovarian$futime, ovarian$fustat, c(30, 59, 100, 365, 600, 1000))
dead <- as.numeric(lung$status == 2)
describe("lung", zero(lung$time), lung$time, dead, c(5, 90, 180, 365, 730, 1000))
late <- lung$time > 90
describe("lung_past_day_90", zero(lung$time[late]) + 90, lung$time[late], dead[late], c(95, 180, 365, 730))
describe("veteran_to_the_last", zero(veteran$time), veteran$time, veteran$status, c(1, 20, 100, 400, 998))
outcome <- with(mgus2, ifelse(pstat == 1, 1, 2 * death))
time <- with(mgus2, ifelse(pstat == 1, ptime, futime))
some <- time > 0
describe("mgus2_months", zero(time[some]), time[some], outcome[some], c(1, 12, 60, 120, 240, 360))
late <- time > 12
describe("mgus2_from_month_12", zero(time[late]) + 12, time[late], outcome[late], c(13, 60, 120, 240, 360))
entered <- with(mgus2, pmin(age %% 7, pmax(time - 1, 0)))
describe("mgus2_entered_late", entered[some], time[some], outcome[some], c(12, 60, 120, 240))

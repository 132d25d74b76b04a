#include "daemon/app.h"

#include <csignal>
#include <ctime>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "daemon/alert_message.h"
#include "daemon/alerts/dispatcher.h"
#include "daemon/book/trail.h"
#include "daemon/clock.h"
#include "daemon/dead_letter_copies.h"
#include "daemon/envelope_key.h"
#include "daemon/free_space.h"
#include "daemon/health.h"
#include "daemon/http/server.h"
#include "daemon/input.h"
#include "daemon/log/log.h"
#include "daemon/notify.h"
#include "daemon/subject_views.h"

namespace cellvigil {
namespace {

using Clock = std::chrono::steady_clock;

constexpr milliseconds kTurn{200};             // of the main loop
constexpr seconds kTick{1};                    // gauges
constexpr seconds kFencedLimit{60};            // a partition taken from us and not revoked for so long: stop
constexpr seconds kCloseLimit{10};
constexpr seconds kStopLimit{25};
constexpr seconds kDrainLimit{5};
constexpr seconds kAnswerGrace{2};
constexpr minutes kReloadLimit{11};            // of each worker: the pipeline's, and some

ExitStatus status_for(Errc code) {
    switch (code) {
        case Errc::invalid:
        case Errc::not_found: return ExitStatus::configuration;
        case Errc::conflict: return ExitStatus::elsewhere;
        case Errc::unavailable: return ExitStatus::unavailable;
        case Errc::corrupt: return ExitStatus::damaged;
    }
    return ExitStatus::damaged;
}

std::uint32_t workers_of(const config::Config& config) {
    if (config.workers.count > 0) return config.workers.count;
    return std::max(1U, std::thread::hardware_concurrency() / 2);
}

class App {
  public:
    App(CommandLine line, Deployment deployment)
        : line_(std::move(line)), deployment_(std::move(deployment)), config_(deployment_.loaded.config) {
        open_store_ = [folder = config_.data_folder] { return store::open_sqlite({.folder = folder}); };
    }
    ~App() { stop(); }
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    Result<void> start();
    ExitStatus serve(const sigset_t& signals);

  private:
    Result<void> make_input();
    Result<void> make_pipeline();
    void make_dispatcher(std::vector<std::unique_ptr<alerts::Sink>> sinks);
    Result<void> make_server();
    http::Api api();
    http::AlertDesk desk();
    void enter_audit(const char* what, std::string object, std::string detail);
    pipeline::PipelineEvents events();
    void tick();
    void tell_ready();
    void reload();
    void refuse_reload(const Error& error);
    void stop();
    void fail_with(const Error& error);
    void wake_dispatcher() {
        const std::lock_guard lock(dispatcher_mutex_);
        if (dispatcher_) dispatcher_->wake();
    }

    const CommandLine line_;
    Deployment deployment_;
    const config::Config config_;  // as started; what a reload may change is taken from the new one there
    pipeline::OpenStore open_store_;
    std::unique_ptr<store::Store> session_;  // the main thread's
    std::unique_ptr<metrics::Metrics> metrics_;
    std::unique_ptr<store::Store> metrics_session_;
    std::unique_ptr<Input> input_;
    std::unique_ptr<pipeline::Pipeline> pipeline_;
    std::unique_ptr<PipelineSubjectViews> views_;
    std::mutex dispatcher_mutex_;
    std::unique_ptr<alerts::Dispatcher> dispatcher_;
    std::unique_ptr<DeadLetterCopies> dead_letter_copies_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<Health> health_;
    SystemdStatus systemd_status_;
    bool stopped_ = false;
    bool hangs_ = false;  // a library did not let go
    std::atomic<bool> ready_told_{false};

    std::mutex mutex_;  // guards the next two
    std::optional<Error> fatal_;
    std::map<std::uint32_t, Clock::time_point> fenced_;
};

// ---- start ----------------------------------------------------------------------------------------------------------------

Result<void> App::start() {
    auto session = open_store_();
    if (!session) return fail(session.error());
    session_ = std::move(*session);
    auto for_metrics = open_store_();
    if (!for_metrics) return fail(for_metrics.error());
    metrics_session_ = std::move(*for_metrics);
    const bool embedded = config_.input.mode == config::InputMode::embedded;
    metrics_ = std::make_unique<metrics::Metrics>(metrics::MetricsOptions{
        .version = CELLVIGIL_VERSION,
        .revision = CELLVIGIL_REVISION,
        .config_hash = deployment_.loaded.hash,
        .topics = {embedded ? std::string("http") : config_.input.topics.front()},
        .min_cell = config_.min_cell,
        .refresh = config_.metrics_refresh,
        .committed = [this] { return metrics::read_committed(*metrics_session_); },
        .now = wall_clock,
        .checks = [this] { return health_ ? health_->for_metrics() : std::vector<metrics::ProbeCheck>{}; },
        .free_bytes = [folder = config_.data_folder] { return free_bytes_of(folder); }});
    metrics_->process().config_reload_ok.set(1);  // what it starts with was taken
    metrics_->process().config_reload_at_ms.set(wall_clock().time_since_epoch().count());
    enter_audit("daemon.started", deployment_.loaded.hash,
                R"({"version":")" CELLVIGIL_VERSION R"(","revision":")" CELLVIGIL_REVISION "\"}");
    if (auto made = make_input(); !made) return made;
    if (auto made = make_pipeline(); !made) return made;
    views_ = std::make_unique<PipelineSubjectViews>(*pipeline_);
    health_ = std::make_unique<Health>(*pipeline_, *input_);
    make_dispatcher(std::move(deployment_.sinks));
    if (auto made = make_server(); !made) return made;
    log::info({"daemon", "listening", "the API is there; messages are not taken yet"}, {{"http", server_->address()}});
    if (auto started = input_->start(*pipeline_); !started) return started;
    if (!config_.input.dead_letter_topic.empty() && config_.input.mode == config::InputMode::kafka) {
        auto copies = make_dead_letter_copies(config_.input.dead_letter_topic, config_.input.topics.front(), config_.kafka,
                                              open_store_);
        if (!copies) return fail(copies.error());
        dead_letter_copies_ = std::move(*copies);
    }
    return {};
}

Result<void> App::make_input() {
    InputParts parts{.config = config_,
                     .workers = workers_of(config_),
                     .metrics = *metrics_,
                     .open_store = open_store_,
                     .fatal = [this](const Error& error) { fail_with(error); }};
    auto input = config_.input.mode == config::InputMode::embedded ? make_embedded_input(std::move(parts))
                                                                   : make_kafka_input(std::move(parts));
    if (!input) return fail(input.error());
    input_ = std::move(*input);
    return {};
}

Result<void> App::make_pipeline() {
    pipeline::PipelineOptions options;
    options.workers = workers_of(config_);
    options.partitions = input_->partitions();
    options.open_store = open_store_;
    options.events = events();
    auto& worker = options.worker;
    worker.owner = "process " + std::to_string(::getpid());
    worker.max_messages = config_.batch.max_events;
    worker.max_bytes = config_.batch.max_bytes;
    worker.max_wait = config_.batch.max_wait;
    worker.idle = config_.batch.idle;
    worker.now = wall_clock;
    worker.placed = [this](const store::Claim& claim) { input_->placed(claim); };
    worker.shard.settings = deployment_.settings;
    worker.shard.encode_alert = alert_message;
    worker.shard.memory_limit = config_.memory_limit_bytes;
    worker.shard.see_site = [this](std::string_view study, std::string_view site, Instant last, Instant complete) {
        metrics_->see_site(study, site, last, complete);
    };
    auto opened = pipeline::Pipeline::open(std::move(options), input_->sources(), *metrics_);
    if (!opened) return fail(opened.error());
    pipeline_ = std::move(*opened);
    return {};
}

pipeline::PipelineEvents App::events() {
    return {
        .outbox_grew = [this] { wake_dispatcher(); },
        .broken =
            [](std::uint32_t partition, const Error& error) {
                log::error({"pipeline", "partition_broken", "messages are missing; the partition is not read on"},
                           {{"partition", partition}, {"err", error}});
            },
        .fenced =
            [this](std::uint32_t partition) {
                log::warn({"pipeline", "partition_fenced", "another owner took the partition"}, {{"partition", partition}});
                const std::lock_guard lock(mutex_);
                fenced_.try_emplace(partition, Clock::now());
            },
        .store_away =
            [](bool away, const Error& error) {
                if (away) {
                    log::error({"store", "store_away", "commits fail; nothing is acknowledged meanwhile"}, {{"err", error}});
                } else {
                    log::info({"store", "store_back", "commits succeed again"});
                }
            },
        .fatal = [this](const Error& error) { fail_with(error); },
    };
}

void App::make_dispatcher(std::vector<std::unique_ptr<alerts::Sink>> sinks) {
    alerts::DispatcherOptions options;
    options.open_store = open_store_;
    options.counters = [this](std::string_view sink) -> metrics::ChannelCounters& { return metrics_->channel(sink); };
    options.now = wall_clock;
    auto fresh = std::make_unique<alerts::Dispatcher>(std::move(options), std::move(sinks));
    fresh->start();
    const std::lock_guard lock(dispatcher_mutex_);
    dispatcher_ = std::move(fresh);
}

http::AlertDesk App::desk() {
    http::AlertDesk desk;
    desk.writer = std::make_shared<http::Reader>(open_store_);
    desk.trail = std::make_shared<book::Trail>(open_store_);
    desk.now = wall_clock;
    if (!config_.http.operator_person.empty()) {
        desk.local_operator =
            Actor{config_.http.operator_person, role_named(config_.http.operator_role).value_or(Role::viewer)};
    }
    for (const ReportingRule& rule : reporting_rules()) {
        const auto& wanted = config_.reporting.jurisdictions;
        if (std::find(wanted.begin(), wanted.end(), name_of(rule.jurisdiction)) != wanted.end())
            desk.reporting.rules.push_back(rule);
    }
    desk.reporting.offset = config_.reporting.offset;
    return desk;
}

http::Api App::api() {
    http::Api api;
    api.inlet = &input_->inlet();
    api.key_of = envelope_keys();
    api.envelopes_of_json = ingest::envelopes_of_json;
    api.count_refused = [this](Reason reason) {
        metrics_->process().refused_at_inlet[static_cast<std::size_t>(reason)].add();
    };
    api.reader = std::make_shared<http::Reader>(open_store_);
    api.desk = desk();
    api.subjects = views_.get();
    api.metrics_text = [this] { return metrics_->text(); };
    api.live = [this] { return health_->live(); };
    api.ready = [this] { return health_->ready(); };
    api.started = [this] { return std::vector<http::Check>{{.name = "started", .passed = ready_told_, .detail = {}}}; };
    return api;
}

Result<void> App::make_server() {
    const config::Http& http = config_.http;
    http::ServerOptions options{.listen = http.listen,
                                .port = http.port,
                                .allow_remote = http.allow_remote,
                                .max_body_bytes = http.max_body_bytes,
                                .max_header_bytes = http.max_header_bytes,
                                .max_connections = http.max_connections,
                                .header_timeout = http.header_timeout,
                                .body_timeout = http.body_timeout,
                                .idle_timeout = http.idle_timeout,
                                .answer_timeout = http.answer_timeout,
                                .observe = [this](std::string_view route, std::string_view method, int status,
                                                  double took) { metrics_->count_request(route, method, status, took); }};
    auto server = http::serve(std::move(options), http::api_routes(api()));
    if (!server) return fail(server.error());
    server_ = std::move(*server);
    health_->watch(*server_);
    return {};
}

// ---- life -----------------------------------------------------------------------------------------------------------------

void App::tell_ready() {
    if (!all_passed(health_->ready())) return;
    ready_told_ = true;
    log::info({"daemon", "ready", "messages are taken"}, {{"http", server_->address()},
                                                          {"input", input_->name()},
                                                          {"partitions", input_->partitions()},
                                                          {"workers", workers_of(config_)},
                                                          {"rule_pack", deployment_.settings.rules->pack},
                                                          {"version", CELLVIGIL_VERSION}});
    notify_systemd("READY=1");
}

void App::tick() {
    const auto status = pipeline_->status();
    input_->tick(status);
    const std::lock_guard lock(mutex_);
    for (auto entry = fenced_.begin(); entry != fenced_.end();) {
        const bool ours_again = std::any_of(status.partitions.begin(), status.partitions.end(),
                                            [&](const auto& row) { return row.partition == entry->first; });
        if (!ours_again && Clock::now() - entry->second > kFencedLimit && config_.input.mode == config::InputMode::embedded) {
            fatal_ = Error{Errc::conflict, "another process took a partition of this data folder"};
        }
        entry = ours_again ? fenced_.erase(entry) : std::next(entry);
    }
}

void App::fail_with(const Error& error) {
    log::error({"daemon", "fatal", "the daemon must stop"}, {{"err", error}});
    const std::lock_guard lock(mutex_);
    if (!fatal_) fatal_ = error;
}

ExitStatus App::serve(const sigset_t& signals) {
    const auto watchdog = systemd_watchdog();
    auto next_tick = Clock::now();
    auto next_sign = Clock::now();
    for (;;) {
        const timespec turn{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(ready_told_ ? kTurn : milliseconds(5)).count()};
        const int signal = ::sigtimedwait(&signals, nullptr, &turn);
        if (signal == SIGTERM || signal == SIGINT) break;
        if (signal == SIGHUP) reload();
        if (!ready_told_) tell_ready();
        if (Clock::now() >= next_tick) {
            tick();
            systemd_status_.tell(health_->sentence());
            next_tick = Clock::now() + kTick;
        }
        if (watchdog && Clock::now() >= next_sign) {
            if (all_passed(health_->live())) notify_systemd("WATCHDOG=1");
            next_sign = Clock::now() + *watchdog;
        }
        const std::lock_guard lock(mutex_);
        if (fatal_) break;
    }
    log::info({"daemon", "stopping", "finishing what was taken"});
    notify_systemd("STOPPING=1");
    stop();
    const std::lock_guard lock(mutex_);
    const ExitStatus status = fatal_ ? status_for(fatal_->code) : ExitStatus::fine;
    log::info({"daemon", "stopped", "everything acknowledged is stored"}, {{"status", static_cast<int>(status)}});
    log::flush();
    if (hangs_) ::_exit(static_cast<int>(status));  // everything is durable; a library's thread does not end
    return status;
}

void App::stop() {
    if (stopped_) return;
    stopped_ = true;
    if (input_ && pipeline_) hangs_ = !input_->close(kCloseLimit);
    if (pipeline_) pipeline_->stop(kStopLimit);
    if (input_) input_->finish();
    dead_letter_copies_.reset();
    if (dispatcher_) {
        if (!dispatcher_->drain(kDrainLimit)) {
            log::warn({"alerts", "outbox_not_drained", "the rest is sent after the next start"});
        }
        dispatcher_->stop();
    }
    if (server_) server_->stop(kAnswerGrace);
    if (session_) enter_audit("daemon.stopped", deployment_.loaded.hash, "{}");
}

void App::enter_audit(const char* what, std::string object, std::string detail) {
    store::Commit commit;
    commit.audit.push_back({.at = wall_clock(),
                            .who = "cellvigild",
                            .what = what,
                            .object = std::move(object),
                            .detail = std::move(detail)});
    if (auto written = session_->write(commit); !written)
        log::error({"audit", "audit_missing", "an entry of the audit trail is missing"}, {{"what", what}, {"err", written.error()}});
}

void App::refuse_reload(const Error& error) {
    log::error({"config", "reload_refused", "the configuration in use stays"}, {{"err", error}});
    metrics_->process().config_reload_ok.set(0);
}

// As a whole: nothing changes unless all of the new configuration can be used.
void App::reload() {
    const PatientWatchdog patient(kReloadLimit * workers_of(config_));  // judging every subject anew may take long
    auto fresh = read_deployment(line_);
    if (!fresh) return refuse_reload(fresh.error());
    if (auto done = pipeline_->reload(fresh->settings); !done) return refuse_reload(done.error());
    {
        const std::lock_guard lock(dispatcher_mutex_);
        if (dispatcher_) dispatcher_->stop();
    }
    make_dispatcher(std::move(fresh->sinks));
    log::set_level(fresh->loaded.config.log_level);
    metrics_->set_config_hash(fresh->loaded.hash);
    metrics_->process().config_reload_ok.set(1);
    metrics_->process().config_reload_at_ms.set(wall_clock().time_since_epoch().count());
    enter_audit("config.reloaded", fresh->loaded.hash, "{\"before\":\"" + deployment_.loaded.hash + "\"}");
    deployment_ = std::move(*fresh);
    log::info({"config", "reloaded", "directory, rules, sinks and log level are the new ones"},
              {{"hash", deployment_.loaded.hash}, {"rule_pack", deployment_.settings.rules->pack}});
}

sigset_t awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    return signals;
}

}  // namespace

ExitStatus run_daemon(const CommandLine& line) {
    const sigset_t signals = awaited_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // inherited by every thread
    std::signal(SIGPIPE, SIG_IGN);
    auto deployment = read_deployment(line);
    if (!deployment) {
        log::error({"config", "configuration_refused", "the daemon does not start"}, {{"err", deployment.error()}});
        return ExitStatus::configuration;
    }
    const config::Config& config = deployment->loaded.config;
    log::Options logging;
    logging.level = config.log_level;
    logging.to_stderr = config.log_to_stderr;
    logging.now = wall_clock;
    log::configure(std::move(logging));
    for (const auto& name : deployment->loaded.ignored) {
        log::warn({"config", "variable_ignored", "an environment variable names no setting"}, {{"variable", name}});
    }
    App app(line, std::move(*deployment));
    if (auto started = app.start(); !started) {
        log::error({"daemon", "not_started", "the daemon could not start"}, {{"err", started.error()}});
        log::flush();
        return status_for(started.error().code);
    }
    return app.serve(signals);
}

}  // namespace cellvigil

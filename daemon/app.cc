#include "daemon/app.h"

#include <unistd.h>
#include <ctime>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "daemon/alert_desk.h"
#include "daemon/alert_message.h"
#include "daemon/alerts/dispatcher.h"
#include "daemon/allocator.h"
#include "daemon/book_gauges.h"
#include "daemon/clock.h"
#include "daemon/cohort_answers.h"
#include "daemon/cohort_gauges.h"
#include "daemon/dead_letter_copies.h"
#include "daemon/dispatching.h"
#include "daemon/envelope_key.h"
#include "daemon/free_space.h"
#include "daemon/health.h"
#include "daemon/http/server.h"
#include "daemon/input.h"
#include "daemon/log/log.h"
#include "daemon/notify.h"
#include "daemon/pipeline/screen_views.h"
#include "daemon/pipeline/signal_views.h"
#include "daemon/resources.h"
#include "daemon/signals.h"
#include "daemon/subject_views.h"

namespace cellvigil {
namespace {

using Clock = std::chrono::steady_clock;

constexpr milliseconds kTurn{200};   // of the main loop
constexpr seconds kFencedLimit{60};  // a partition taken from us and not revoked for so long: stop
constexpr seconds kTick{1}, kCloseLimit{10}, kStopLimit{25};
constexpr seconds kDrainLimit{5}, kAnswerGrace{2};
constexpr minutes kReloadLimit{11};  // of each worker: the pipeline's, and some

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
    void make_dispatcher(const config::Config& config, const Team& team,
                         std::vector<std::unique_ptr<alerts::Sink>> sinks);
    Result<void> make_server();
    http::Api api();
    pipeline::PipelineEvents events();
    void tick();
    void tell_ready();
    void reload();
    void refuse_reload(const Error& error);
    void stop();
    void fail_with(const Error& error);
    void wake_listeners() {
        live_->wake();
        const std::lock_guard lock(dispatcher_mutex_);
        if (dispatcher_) dispatcher_->wake();
    }

    const CommandLine line_;
    Deployment deployment_;
    const config::Config config_;  // as started; what a reload may change is taken from the new one there
    pipeline::OpenStore open_store_;
    std::unique_ptr<store::Store> session_;    // the main thread's
    std::unique_ptr<BookGauges> book_gauges_;  // outlives those who ask it
    std::unique_ptr<metrics::Metrics> metrics_;
    std::unique_ptr<store::Store> metrics_session_;
    std::unique_ptr<Input> input_;
    std::unique_ptr<pipeline::Pipeline> pipeline_;
    std::unique_ptr<PipelineSubjectViews> views_;
    std::mutex dispatcher_mutex_;
    std::unique_ptr<alerts::Dispatcher> dispatcher_;
    std::unique_ptr<DeadLetterCopies> dead_letter_copies_;
    Sites sites_;
    std::unique_ptr<http::Live> live_;
    http::AlertDesk desk_;
    std::unique_ptr<CohortGauges> cohort_gauges_;
    std::unique_ptr<http::Server> server_;
    ToldSettings told_;  // by the API; replaced by a reload
    std::unique_ptr<Health> health_;
    SystemdStatus systemd_status_;
    bool stopped_ = false;
    bool hangs_ = false;  // a library did not let go
    std::atomic<bool> ready_told_{false};

    std::mutex mutex_;  // guards the next two
    std::optional<Error> fatal_;
    std::map<std::uint32_t, Clock::time_point> fenced_;
};

Result<void> App::start() {
    if (auto reserved = reserve_memory(config_.memory_reserve_bytes); !reserved) return reserved;
    for (auto* session : {&session_, &metrics_session_}) {
        auto opened = open_store_();
        if (!opened) return fail(opened.error());
        *session = std::move(*opened);
    }
    desk_ = make_desk(config_, deployment_.team.calendar, open_store_);
    book_gauges_ =
        std::make_unique<BookGauges>(BookGauges::Options{open_store_, wall_clock}, desk_.rules->now()->reporting);
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
        .book = [this](Instant now) { return book_gauges_->at(now); },
        .signals = [this] { return pipeline_ ? pipeline::signal_gauges(*pipeline_) : metrics::Signals{}; },
        .tables = [this] { return cohort_gauges_ ? cohort_gauges_->latest() : metrics::Tables{}; },
        .free_bytes = [folder = config_.data_folder] { return free_bytes_of(folder); }});
    metrics_->process().config_reload_ok.set(1);  // what it starts with was taken
    metrics_->process().config_reload_at_ms.set(wall_clock().time_since_epoch().count());
    told_.set(deployment_);
    enter_audit(*session_, "daemon.started", deployment_.loaded.hash, settings_entry("", told_.config()));
    if (auto made = make_input(); !made) return made;
    live_ = std::make_unique<http::Live>(http::LiveOptions{.open = open_store_, .alert = told_alert});
    if (auto made = make_pipeline(); !made) return made;
    views_ = std::make_unique<PipelineSubjectViews>(*pipeline_);
    cohort_gauges_ = std::make_unique<CohortGauges>(CohortGauges::Options{
        open_store_, [this] { return told_.settings().rules; }, wall_clock, config_.metrics_tables_every});
    health_ = std::make_unique<Health>(*pipeline_, *input_, [this] {
        const std::lock_guard lock(dispatcher_mutex_);
        return dispatcher_ ? dispatcher_->status() : std::vector<alerts::SinkStatus>{};
    });
    make_dispatcher(config_, deployment_.team, std::move(deployment_.sinks));
    if (auto made = make_server(); !made) return made;
    log::info({"daemon", "listening", "the API is there; messages are not taken yet"}, {{"http", server_->address()}});
    if (auto started = input_->start(*pipeline_); !started) return started;
    if (!config_.input.dead_letter_topic.empty() && config_.input.mode == config::InputMode::kafka) {
        auto copies = make_dead_letter_copies(config_.input.dead_letter_topic, config_.input.topics.front(),
                                              config_.kafka, open_store_);
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
    options.encode_signal = signal_message;
    options.encode_screen = screen_message;
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
    worker.shard.rebuilding = {config_.rebuild_store, told_before};
    worker.shard.memory_limit = config_.memory_limit_bytes;
    worker.shard.tells_heartbeats =
        config_.input.mode != config::InputMode::embedded;  // whose log carries them everywhere
    worker.shard.see_site = [this](std::string_view study, std::string_view site, Instant last, Instant complete) {
        metrics_->see_site(study, site, last, complete);
        sites_.see(study, site, last, complete);
    };
    auto opened = pipeline::Pipeline::open(std::move(options), input_->sources(), *metrics_);
    if (!opened) return fail(opened.error());
    pipeline_ = std::move(*opened);
    return {};
}

pipeline::PipelineEvents App::events() {
    return {
        .outbox_grew = [this] { wake_listeners(); },
        .broken =
            [](std::uint32_t partition, const Error& error) {
                log::error({"pipeline", "partition_broken", "messages are missing; the partition is not read on"},
                           {{"partition", partition}, {"err", error}});
            },
        .fenced =
            [this](std::uint32_t partition) {
                log::warn({"pipeline", "partition_fenced", "another owner took the partition"},
                          {{"partition", partition}});
                const std::lock_guard lock(mutex_);
                fenced_.try_emplace(partition, Clock::now());
            },
        .store_away =
            [](bool away, const Error& error) {
                if (away) {
                    log::error({"store", "store_away", "commits fail; nothing is acknowledged meanwhile"},
                               {{"err", error}});
                } else {
                    log::info({"store", "store_back", "commits succeed again"});
                }
            },
        .fatal = [this](const Error& error) { fail_with(error); },
    };
}

void App::make_dispatcher(const config::Config& config, const Team& team,
                          std::vector<std::unique_ptr<alerts::Sink>> sinks) {
    alerts::DispatcherOptions options = dispatcher_options(config, team, *book_gauges_, *metrics_);
    options.open_store = open_store_;
    const std::lock_guard lock(dispatcher_mutex_);
    dispatcher_ = std::make_unique<alerts::Dispatcher>(std::move(options), std::move(sinks));
    dispatcher_->start();
}

http::Api App::api() {
    http::Api api;
    api.inlet = &input_->inlet();
    api.key_of = envelope_keys();
    api.envelopes_of_json = ingest::envelopes_of_json;
    api.keep_refused = [this](const std::vector<ingest::Refusal>& refusals,
                              const std::function<void(Result<void>)>& done) {
        pipeline_->keep_refused(refusals, done);
    };
    api.reader = std::make_shared<http::Reader>(open_store_);
    api.desk = desk_;
    api.subjects = views_.get();
    api.slow_reader = std::make_shared<http::Reader>(open_store_, 2);
    api.cohort_tables = [this](store::Store& session, const http::CohortQuestion& question) {
        const pipeline::Settings settings = told_.settings();
        return cohort_answer(settings.directory, *settings.rules, session, question);
    };
    api.sites = [this] { return sites_.json(config_); };
    api.rules = [this] { return told_.rules(); };
    api.config = [this] { return told_.config(); };
    api.live_events = live_.get();
    api.max_body_bytes = config_.http.max_body_bytes;
    api.metrics_text = [this] { return metrics_->text(); };
    api.signal_subjects = [this](const std::function<bool(std::string_view)>& may_see) {
        return pipeline::signal_subjects_json(pipeline_->looked().get(), may_see);
    };
    api.signals = [this] { return pipeline::signals_json(pipeline_->looked().get()); };
    api.live = [this] { return health_->live(); };
    api.ready = [this] { return health_->ready(); };
    api.started = [this] { return std::vector<http::Check>{{.name = "started", .passed = ready_told_, .detail = {}}}; };
    return api;
}

Result<void> App::make_server() {
    const config::Http& http = config_.http;
    http::ServerOptions options = server_options(http);
    options.accessed = refusals_into(desk_);
    options.observe = [this](std::string_view route, std::string_view method, int status, double took) {
        metrics_->count_request(route, method, status, took);
    };
    auto server = http::serve(std::move(options), http::api_routes(api()));
    if (!server) return fail(server.error());
    if (!http.authentication && http.allow_remote)
        log::warn({"http", "unprotected",
                   "nobody is asked who they are, also beyond the loopback: http.allow_remote is set"});
    server_ = std::move(*server);
    health_->watch(*server_);
    return {};
}

// ---- life

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
        if (!ours_again && Clock::now() - entry->second > kFencedLimit &&
            config_.input.mode == config::InputMode::embedded) {
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
        const timespec turn{.tv_sec = 0,
                            .tv_nsec = std::chrono::nanoseconds(ready_told_ ? kTurn : milliseconds(5)).count()};
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
    if (session_) enter_audit(*session_, "daemon.stopped", deployment_.loaded.hash, "{}");
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
    make_dispatcher(fresh->loaded.config, fresh->team, std::move(fresh->sinks));
    log::set_level(fresh->loaded.config.log_level);
    metrics_->set_config_hash(fresh->loaded.hash);
    metrics_->process().config_reload_ok.set(1);
    metrics_->process().config_reload_at_ms.set(wall_clock().time_since_epoch().count());
    desk_.rules->replace(desk_rules_of(fresh->loaded.config, fresh->team.calendar));
    book_gauges_->replace(desk_.rules->now()->reporting);
    told_.set(*fresh);
    const std::string entry = settings_entry(deployment_.loaded.hash, told_.config());
    deployment_ = std::move(*fresh);
    enter_audit(*session_, "config.reloaded", deployment_.loaded.hash, entry);
    log::info({"config", "reloaded", "what a reload may change is as the configuration says now"},
              {{"hash", deployment_.loaded.hash}, {"rule_pack", deployment_.settings.rules->pack}});
}

}  // namespace

ExitStatus run_daemon(const CommandLine& line) {
    const sigset_t signals = block_signals();
    auto deployment = read_deployment(line);
    if (!deployment) {
        log::error({"config", "configuration_refused", "the daemon does not start"}, {{"err", deployment.error()}});
        return ExitStatus::configuration;
    }
    begin_log(deployment->loaded);
    App app(line, std::move(*deployment));
    if (auto started = app.start(); !started) {
        log::error({"daemon", "not_started", "the daemon could not start"}, {{"err", started.error()}});
        log::flush();
        return status_for(started.error().code);
    }
    return app.serve(signals);
}

}  // namespace cellvigil

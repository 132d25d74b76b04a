#include "daemon/import/mapping.h"

namespace cellvigil::import {

std::string_view default_mapping_text() {
    return R"yaml(# How SDTM is read. Give a file with --mapping to add to this or to replace parts of it.
study: ""                 # empty: as STUDYID says
cohort: IMPORTED
source_system: sdtm
utc_offset: "+00:00"      # of sites that are not listed
sites: {}                 # "701": "-05:00"
indication: {system: "", code: "", display: ""}

units:                    # a unit as written: what it is in UCUM. Nothing is guessed from a number's size.
  C: Cel
  F: "[degF]"
  LB: "[lb_av]"

vital_signs:              # VSTESTCD: what it measures. Others are kept as text.
  TEMP: temperature
  SYSBP: systolic
  DIABP: diastolic
  MAP: mean_arterial
  PULSE: heart_rate
  HR: heart_rate
  RESP: respiratory_rate
  OXYSAT: spo2
  WEIGHT: weight

laboratory:               # LBTESTCD
  NEUT: neutrophils
  LYM: lymphocytes
  WBC: leukocytes
  PLAT: platelets
  HGB: haemoglobin
  CRP: crp
  FERRITN: ferritin
  INTLK6: il6
  FIBRINO: fibrinogen
  TRIG: triglycerides
  LDH: ldh
  AST: ast
  ALT: alt
  BILI: bilirubin
  BILDIR: bilirubin_direct
  CREAT: creatinine
  IGG: igg
  IGA: iga
  IGM: igm
  CD4: cd4
  CD19: cd19
  PT: prothrombin_time
  APTT: ptt

agents:                   # a substance as written: an agent of ours; the agents' own names are known
  ACETYLSALICYLIC ACID: aspirin
  ACETAMINOPHEN: paracetamol
  NAPROXEN SODIUM: naproxen
  HYDROCORTISONE SODIUM SUCCINATE: hydrocortisone
  METHYLPREDNISOLONE SODIUM SUCCINATE: methylprednisolone
  NOREPINEPHRINE BITARTRATE: norepinephrine
  ACYCLOVIR: aciclovir
  VALACYCLOVIR: valaciclovir
  SULFAMETHOXAZOLE;TRIMETHOPRIM: cotrimoxazole

routes:                   # anything else is `other`; only systemic routes make an agent count
  ORAL: oral
  SUBLINGUAL: oral
  INTRAVENOUS: intravenous
  INTRAVENOUS DRIP: intravenous
  INTRAVENOUS BOLUS: intravenous
  SUBCUTANEOUS: subcutaneous
  INTRAMUSCULAR: intramuscular
  RESPIRATORY (INHALATION): inhaled
  NASAL: topical
  TOPICAL: topical
  OPHTHALMIC: topical
  AURICULAR (OTIC): topical
  VAGINAL: topical

cell_products: {}         # EXTRT of the infused cells: {system: .., code: .., display: ..}

adverse_events:
  category: other         # of events that nothing below names
  by_code: {}             # AEPTCD, a number
  by_term: {}             # AEDECOD
  by_class: {}            # AESOC
  severity_as_grade: false  # true: MILD, MODERATE, SEVERE are grades 1, 2, 3 where AETOXGR is absent

causality:
  NONE: not_related
  NOT RELATED: not_related
  N: not_related
  REMOTE: unlikely
  UNLIKELY: unlikely
  UNLIKELY RELATED: unlikely
  POSSIBLE: possible
  POSSIBLY RELATED: possible
  PROBABLE: probable
  PROBABLY RELATED: probable
  RELATED: probable
  Y: probable
  DEFINITE: definite

outcomes:
  RECOVERED/RESOLVED: recovered
  RECOVERED/RESOLVED WITH SEQUELAE: recovered_with_sequelae
  RECOVERING/RESOLVING: recovering
  NOT RECOVERED/NOT RESOLVED: not_recovered
  FATAL: fatal
  UNKNOWN: unknown

dispositions:             # completed, lost_to_follow_up, stop_collection, death; others have no counterpart
  COMPLETED: completed
  LOST TO FOLLOW-UP: lost_to_follow_up
  WITHDRAWAL BY SUBJECT: stop_collection
  WITHDRAWAL OF CONSENT: stop_collection
  STUDY TERMINATED BY SPONSOR: completed
  DEATH: death
)yaml";
}

}  // namespace cellvigil::import

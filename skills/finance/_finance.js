// The source of finance/component.wasm: money over time, in pure arithmetic on its arguments (npm run build:skills).

/** Codes of ISO 4217 by their decimals. */
const CURRENCIES = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
        CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
        KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
        NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
        TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([decimals, codes]) => codes.split(/\s+/).map((code) => [code, Number(decimals)])),
);

const MOST_AMOUNT = 1e12;
/** Of a loan: in the smallest unit of any currency it is still an exact number. */
const MOST_LOAN = 1e11;
const MOST_FLOWS = 600;
/** Rates of return that are looked for, as logarithms of the growth in one period. */
const [LOWEST, HIGHEST, STEPS] = [Math.log(1e-4), Math.log(1e4 + 1), 2000];

/** What the world exports. */
export const money = {
  roundMoney(amount, currency, rounding) {
    within('amount', amount, -1e15, 1e15);
    const decimals = decimalsOf(currency);
    const units = toUnits(amount, decimals, rounding ?? 'half-even');
    const text = toText(units, decimals);
    return { amount: Number(text), text, decimals };
  },

  compoundInterest(principal, rate, years, compounding, deposit) {
    within('principal', principal, 0, MOST_AMOUNT);
    within('rate', rate, -99.99, 100);
    within('years', years, 0, 200);
    const paidIn = deposit ?? 0;
    if (compounding.tag === 'continuously') {
      within('deposit', paidIn, 0, 0);
      return toGrowth(principal, Math.exp((rate / 100) * years), 0, 0, Math.expm1(rate / 100));
    }
    const times = compounding.val;
    within('compounding', times, 1, 8784);
    within('deposit', paidIn, 0, MOST_AMOUNT);
    const step = Math.log1p(rate / 100 / times);
    const periods = times * years;
    // 0.1 years of 10 periods each are one period, though not in binary.
    const deposits = Math.floor(periods + 1e-9);
    const sum = step === 0 ? deposits : Math.expm1(step * deposits) / Math.expm1(step);
    const grown = paidIn * sum * Math.exp(step * (periods - deposits));
    return toGrowth(principal, Math.exp(step * periods), grown, paidIn * deposits, Math.expm1(step * times));
  },

  loanSchedule({ principal, rate, months, currency, extra }) {
    within('loan.principal', principal, 0, MOST_LOAN);
    within('loan.rate', rate, 0, 1000);
    within('loan.months', months, 1, 1200);
    within('loan.extra', extra ?? 0, 0, MOST_LOAN);
    const decimals = currency === null || currency === undefined ? 2 : decimalsOf(currency);
    const units = (amount) => Number(toUnits(amount, decimals, 'half-even'));
    const owed = units(principal);
    const monthly = Math.max(1, Math.round(annuity(owed, rate / 1200, months)));
    return repay(owed, rate, months, monthly, units(extra ?? 0), 10 ** decimals);
  },

  netPresentValue(rate, flows) {
    // Below that, the value today of what comes late is beyond all numbers.
    within('rate', rate, -50, 1e6);
    checkFlows(flows);
    return flows.reduceRight((value, flow) => value / (1 + rate / 100) + flow, 0);
  },

  internalRateOfReturn(flows) {
    checkFlows(flows);
    const rates = balancingRates(flows);
    if (rates.length === 0) throw { tag: 'no-rate' };
    if (rates.length > 1) throw { tag: 'several-rates', val: rates };
    return rates[0];
  },

  depreciate(cost, salvage, years, depreciation) {
    within('cost', cost, 0, MOST_AMOUNT);
    within('salvage', salvage, 0, cost);
    within('years', years, 1, 100);
    if (depreciation.tag === 'declining-balance') within('depreciation', depreciation.val, 0.01, 10);
    const values = [];
    let value = cost;
    for (let year = 1; year <= years; year++) {
      value = year === years && depreciation.tag !== 'declining-balance' ? salvage : value - loss(year, value);
      values.push(value);
    }
    return values;

    function loss(year, left) {
      if (depreciation.tag === 'straight-line') return (cost - salvage) / years;
      if (depreciation.tag === 'sum-of-years')
        return ((cost - salvage) * (years + 1 - year)) / ((years * (years + 1)) / 2);
      return Math.min(left - salvage, left * Math.min(1, depreciation.val / years));
    }
  },
};

function within(argument, value, least, most) {
  // The comparison is written so that no number at all fails it.
  if (!(value >= least && value <= most)) throw { tag: 'out-of-bounds', val: { argument, least, most } };
}

function checkFlows(flows) {
  within('length of flows', flows.length, 1, MOST_FLOWS);
  for (const flow of flows) within('flows', flow, -1e15, 1e15);
}

function decimalsOf(currency) {
  const decimals = CURRENCIES.get(currency);
  if (decimals === undefined) throw { tag: 'unknown-currency', val: currency };
  return decimals;
}

/** An amount in the smallest unit, rounded by its decimal digits: those that a person wrote, not those of the binary. */
function toUnits(amount, decimals, rounding) {
  const [mantissa, exponent = '0'] = String(Math.abs(amount)).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const surplus = fraction.length - Number(exponent) - decimals;
  const sign = amount < 0 ? -1n : 1n;
  if (surplus <= 0) return sign * digits * 10n ** BigInt(-surplus);
  const unit = 10n ** BigInt(surplus);
  const [units, rest] = [digits / unit, digits % unit];
  const isUp = { up: rest > 0n, down: false, 'half-up': rest * 2n >= unit };
  isUp['half-even'] = rest * 2n > unit || (rest * 2n === unit && units % 2n === 1n);
  return sign * (isUp[rounding] ? units + 1n : units);
}

function toText(units, decimals) {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

function toGrowth(principal, factor, grownDeposits, deposits, effective) {
  const balance = principal * factor + grownDeposits;
  const deposited = principal + deposits;
  return { balance, deposited, interest: balance - deposited, effectiveRate: effective * 100 };
}

/** The payment of every month that repays all in equal parts. */
function annuity(owed, rate, months) {
  return rate === 0 ? owed / months : (owed * rate) / -Math.expm1(-months * Math.log1p(rate));
}

/** Month by month in the smallest unit; `unit` of them are one of the currency. */
function repay(owed, rate, months, monthly, extra, unit) {
  const payments = [];
  let [balance, paidInAll] = [owed, 0];
  for (let month = 1; month <= months && balance > 0; month++) {
    const interest = Math.round((balance * rate) / 1200);
    if (month < months && monthly + extra <= interest) throw { tag: 'never-repaid', val: interest / unit };
    const paid = month === months ? balance + interest : Math.min(monthly + extra, balance + interest);
    balance -= paid - interest;
    paidInAll += paid;
    payments.push({
      month,
      paid: paid / unit,
      interest: interest / unit,
      principal: (paid - interest) / unit,
      balance: balance / unit,
    });
  }
  return {
    monthly: owed === 0 ? 0 : monthly / unit,
    totalPaid: paidInAll / unit,
    totalInterest: (paidInAll - owed) / unit,
    payments,
  };
}

/** In percent, ascending. */
function balancingRates(flows) {
  const rates = [];
  const at = (step) => LOWEST + ((HIGHEST - LOWEST) * step) / STEPS;
  for (let step = 0; step < STEPS; step++) {
    const [from, to] = [at(step), at(step + 1)];
    const [low, high] = [signAt(flows, from), signAt(flows, to)];
    if (low === 0 && flows.some((flow) => flow !== 0)) rates.push(toRate(from));
    else if (low * high < 0) rates.push(toRate(bisect(flows, from, to, low)));
  }
  return rates;
}

function bisect(flows, from, to, low) {
  let [a, b] = [from, to];
  for (let round = 0; round < 80; round++) {
    const middle = (a + b) / 2;
    if (signAt(flows, middle) === low) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

/** The sign of the value of flows where each period grows by e^growth; seen from the end that keeps it finite. */
function signAt(flows, growth) {
  const factor = Math.exp(-Math.abs(growth));
  const value =
    growth < 0
      ? flows.reduce((sum, flow) => sum * factor + flow, 0)
      : flows.reduceRight((sum, flow) => sum * factor + flow, 0);
  return Math.sign(value);
}

/** Ten decimals, twelve digits: more of them are noise of the search. */
function toRate(growth) {
  const rate = Number((Math.expm1(growth) * 100).toPrecision(12));
  return Math.round(rate * 1e10) / 1e10 + 0;
}

// 64 objects of four classes do a step n times each, in turn: a call whose target keeps changing.
(function () {
  class Up {
    constructor(a) {
      this.a = a;
    }

    step(x) {
      return x + this.a;
    }
  }

  class Down {
    constructor(a) {
      this.a = a;
    }

    step(x) {
      return x - this.a;
    }
  }

  class Counting {
    constructor(a) {
      this.a = a;
    }

    step(x) {
      this.a = this.a + 1;
      if (this.a > 100) this.a = 0;
      return x + 1;
    }
  }

  class Wrapping {
    constructor(a) {
      this.a = a;
    }

    step(x) {
      if (x > 1000000) return x - 1000000;
      return x + this.a + this.a;
    }
  }

  const classes = [Up, Down, Counting, Wrapping];

  return function (n) {
    const steppers = [];
    for (let i = 0; i < 64; i++) steppers.push(new classes[(i * 7 + Math.floor(i / 5)) % 4](i + 1));
    let x = 0;
    for (let round = 0; round < n; round++) {
      for (let i = 0; i < 64; i++) x = steppers[i].step(x);
    }
    return x;
  };
})()

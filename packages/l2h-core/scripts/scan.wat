;; The flat scan: codes of whole 64-bit words in, what is near enough out, with the current k-th distance as the threshold.
;; scripts/make-scan-kernel.mjs assembles it; src/search/scan-in-js.ts does the same in JavaScript, bit for bit.
;;
;; State of one query, 32-bit words at $s; src/search/scan-state.ts writes and reads it:
;;   0 limit: a distance below it is taken    4 kth: k-th distance so far, bits + 1 before there are k    8 below: taken with less than kth
;;  12 k    16 count of candidates    20 room for candidates, at least 16    24 1 where ties with kth are taken, 0 where not
;;  28 1 where $allowed is asked    32 words64 of a code    36 histogram of what was taken    40 candidates: position, distance
;;  64 the query
(module
  (import "scan" "memory" (memory 1))
  (import "scan" "allowed" (func $allowed (param i32) (result i32)))

  (func $distance (param $a i32) (param $b i32) (param $words i32) (result i32)
    (local $sum i64)
    (loop $word
      (local.set $sum (i64.add (local.get $sum)
        (i64.popcnt (i64.xor (i64.load (local.get $a)) (i64.load (local.get $b))))))
      (local.set $a (i32.add (local.get $a) (i32.const 8)))
      (local.set $b (i32.add (local.get $b) (i32.const 8)))
      (br_if $word (local.tee $words (i32.sub (local.get $words) (i32.const 1)))))
    (i32.wrap_i64 (local.get $sum)))

  ;; One code: its distance, whether it is taken, and the new k-th distance.
  (func $visit (param $s i32) (param $ptr i32) (param $position i32) (param $dead i32)
    (local $d i32) (local $at i32) (local $kth i32) (local $below i32)
    (local.set $d (call $distance (local.get $ptr) (i32.add (local.get $s) (i32.const 64)) (i32.load offset=32 (local.get $s))))
    (if (i32.ge_u (local.get $d) (i32.load (local.get $s))) (then (return)))
    (if (local.get $dead) (then
      (if (i32.and
            (i32.shr_u
              (i32.load8_u (i32.add (local.get $dead) (i32.shr_u (i32.and (local.get $position) (i32.const 0xffff)) (i32.const 3))))
              (i32.and (local.get $position) (i32.const 7)))
            (i32.const 1))
        (then (return)))))
    (if (i32.load offset=28 (local.get $s)) (then
      (if (i32.eqz (call $allowed (local.get $position))) (then (return)))))
    (local.set $at (i32.add (i32.load offset=40 (local.get $s)) (i32.shl (i32.load offset=16 (local.get $s)) (i32.const 3))))
    (i32.store (local.get $at) (local.get $position))
    (i32.store offset=4 (local.get $at) (local.get $d))
    (i32.store offset=16 (local.get $s) (i32.add (i32.load offset=16 (local.get $s)) (i32.const 1)))
    (local.set $at (i32.add (i32.load offset=36 (local.get $s)) (i32.shl (local.get $d) (i32.const 2))))
    (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
    (local.set $kth (i32.load offset=4 (local.get $s)))
    (if (i32.ge_u (local.get $d) (local.get $kth)) (then (return)))
    (local.set $below (i32.add (i32.load offset=8 (local.get $s)) (i32.const 1)))
    (block $settled
      (loop $lower
        (br_if $settled (i32.lt_u (local.get $below) (i32.load offset=12 (local.get $s))))
        (local.set $kth (i32.sub (local.get $kth) (i32.const 1)))
        (local.set $below (i32.sub (local.get $below)
          (i32.load (i32.add (i32.load offset=36 (local.get $s)) (i32.shl (local.get $kth) (i32.const 2))))))
        (br $lower)))
    (i32.store offset=4 (local.get $s) (local.get $kth))
    (i32.store offset=8 (local.get $s) (local.get $below))
    (i32.store (local.get $s) (i32.add (local.get $kth) (i32.load offset=24 (local.get $s)))))

  ;; $skip…: the first 64 bytes from $ptr with a code that may be taken, or where less than 64 bytes are left.
  (func $skip1 (param $s i32) (param $ptr i32) (param $end i32) (result i32)
    (local $q i64) (local $limit i64) (local $last i32)
    (local.set $q (i64.load offset=64 (local.get $s)))
    (local.set $limit (i64.load32_u (local.get $s)))
    (local.set $last (i32.sub (local.get $end) (i32.const 64)))
    (block $stop
      (loop $codes
        (br_if $stop (i32.gt_u (local.get $ptr) (local.get $last)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=8 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=16 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=24 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=32 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=40 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=48 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.popcnt (i64.xor (i64.load offset=56 (local.get $ptr)) (local.get $q))) (local.get $limit)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 64)))
        (br $codes)))
    (local.get $ptr))

  (func $skip2 (param $s i32) (param $ptr i32) (param $end i32) (result i32)
    (local $q0 i64) (local $q1 i64) (local $limit i64) (local $last i32)
    (local.set $q0 (i64.load offset=64 (local.get $s)))
    (local.set $q1 (i64.load offset=72 (local.get $s)))
    (local.set $limit (i64.load32_u (local.get $s)))
    (local.set $last (i32.sub (local.get $end) (i32.const 64)))
    (block $stop
      (loop $codes
        (br_if $stop (i32.gt_u (local.get $ptr) (local.get $last)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.popcnt (i64.xor (i64.load (local.get $ptr)) (local.get $q0)))
          (i64.popcnt (i64.xor (i64.load offset=8 (local.get $ptr)) (local.get $q1)))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.popcnt (i64.xor (i64.load offset=16 (local.get $ptr)) (local.get $q0)))
          (i64.popcnt (i64.xor (i64.load offset=24 (local.get $ptr)) (local.get $q1)))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.popcnt (i64.xor (i64.load offset=32 (local.get $ptr)) (local.get $q0)))
          (i64.popcnt (i64.xor (i64.load offset=40 (local.get $ptr)) (local.get $q1)))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.popcnt (i64.xor (i64.load offset=48 (local.get $ptr)) (local.get $q0)))
          (i64.popcnt (i64.xor (i64.load offset=56 (local.get $ptr)) (local.get $q1)))) (local.get $limit)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 64)))
        (br $codes)))
    (local.get $ptr))

  (func $skip4 (param $s i32) (param $ptr i32) (param $end i32) (result i32)
    (local $q0 i64) (local $q1 i64) (local $q2 i64) (local $q3 i64) (local $limit i64) (local $last i32)
    (local.set $q0 (i64.load offset=64 (local.get $s)))
    (local.set $q1 (i64.load offset=72 (local.get $s)))
    (local.set $q2 (i64.load offset=80 (local.get $s)))
    (local.set $q3 (i64.load offset=88 (local.get $s)))
    (local.set $limit (i64.load32_u (local.get $s)))
    (local.set $last (i32.sub (local.get $end) (i32.const 64)))
    (block $stop
      (loop $codes
        (br_if $stop (i32.gt_u (local.get $ptr) (local.get $last)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load (local.get $ptr)) (local.get $q0)))
            (i64.popcnt (i64.xor (i64.load offset=8 (local.get $ptr)) (local.get $q1))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=16 (local.get $ptr)) (local.get $q2)))
            (i64.popcnt (i64.xor (i64.load offset=24 (local.get $ptr)) (local.get $q3))))) (local.get $limit)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=32 (local.get $ptr)) (local.get $q0)))
            (i64.popcnt (i64.xor (i64.load offset=40 (local.get $ptr)) (local.get $q1))))
          (i64.add
            (i64.popcnt (i64.xor (i64.load offset=48 (local.get $ptr)) (local.get $q2)))
            (i64.popcnt (i64.xor (i64.load offset=56 (local.get $ptr)) (local.get $q3))))) (local.get $limit)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 64)))
        (br $codes)))
    (local.get $ptr))

  (func $skip8 (param $s i32) (param $ptr i32) (param $end i32) (result i32)
    (local $q0 i64) (local $q1 i64) (local $q2 i64) (local $q3 i64) (local $q4 i64) (local $q5 i64) (local $q6 i64) (local $q7 i64)
    (local $limit i64)
    (local.set $q0 (i64.load offset=64 (local.get $s)))
    (local.set $q1 (i64.load offset=72 (local.get $s)))
    (local.set $q2 (i64.load offset=80 (local.get $s)))
    (local.set $q3 (i64.load offset=88 (local.get $s)))
    (local.set $q4 (i64.load offset=96 (local.get $s)))
    (local.set $q5 (i64.load offset=104 (local.get $s)))
    (local.set $q6 (i64.load offset=112 (local.get $s)))
    (local.set $q7 (i64.load offset=120 (local.get $s)))
    (local.set $limit (i64.load32_u (local.get $s)))
    (block $stop
      (loop $codes
        (br_if $stop (i32.eq (local.get $ptr) (local.get $end)))
        (br_if $stop (i64.lt_u (i64.add
          (i64.add
            (i64.add
              (i64.popcnt (i64.xor (i64.load (local.get $ptr)) (local.get $q0)))
              (i64.popcnt (i64.xor (i64.load offset=8 (local.get $ptr)) (local.get $q1))))
            (i64.add
              (i64.popcnt (i64.xor (i64.load offset=16 (local.get $ptr)) (local.get $q2)))
              (i64.popcnt (i64.xor (i64.load offset=24 (local.get $ptr)) (local.get $q3)))))
          (i64.add
            (i64.add
              (i64.popcnt (i64.xor (i64.load offset=32 (local.get $ptr)) (local.get $q4)))
              (i64.popcnt (i64.xor (i64.load offset=40 (local.get $ptr)) (local.get $q5))))
            (i64.add
              (i64.popcnt (i64.xor (i64.load offset=48 (local.get $ptr)) (local.get $q6)))
              (i64.popcnt (i64.xor (i64.load offset=56 (local.get $ptr)) (local.get $q7)))))) (local.get $limit)))
        (local.set $ptr (i32.add (local.get $ptr) (i32.const 64)))
        (br $codes)))
    (local.get $ptr))

  ;; Any number of words: code by code, by four words and then the rest.
  (func $skip (param $s i32) (param $ptr i32) (param $end i32) (result i32)
    (local $words i32) (local $limit i64) (local $query i32) (local $a i32) (local $b i32) (local $left i32) (local $sum i64)
    (local.set $words (i32.load offset=32 (local.get $s)))
    (local.set $limit (i64.load32_u (local.get $s)))
    (local.set $query (i32.add (local.get $s) (i32.const 64)))
    (block $stop
      (loop $codes
        (br_if $stop (i32.eq (local.get $ptr) (local.get $end)))
        (local.set $a (local.get $ptr))
        (local.set $b (local.get $query))
        (local.set $left (local.get $words))
        (local.set $sum (i64.const 0))
        (block $rest
          (loop $four
            (br_if $rest (i32.lt_u (local.get $left) (i32.const 4)))
            (local.set $sum (i64.add (local.get $sum) (i64.add
              (i64.add
                (i64.popcnt (i64.xor (i64.load (local.get $a)) (i64.load (local.get $b))))
                (i64.popcnt (i64.xor (i64.load offset=8 (local.get $a)) (i64.load offset=8 (local.get $b)))))
              (i64.add
                (i64.popcnt (i64.xor (i64.load offset=16 (local.get $a)) (i64.load offset=16 (local.get $b))))
                (i64.popcnt (i64.xor (i64.load offset=24 (local.get $a)) (i64.load offset=24 (local.get $b))))))))
            (local.set $a (i32.add (local.get $a) (i32.const 32)))
            (local.set $b (i32.add (local.get $b) (i32.const 32)))
            (local.set $left (i32.sub (local.get $left) (i32.const 4)))
            (br $four)))
        (block $whole
          (loop $one
            (br_if $whole (i32.eqz (local.get $left)))
            (local.set $sum (i64.add (local.get $sum)
              (i64.popcnt (i64.xor (i64.load (local.get $a)) (i64.load (local.get $b))))))
            (local.set $a (i32.add (local.get $a) (i32.const 8)))
            (local.set $b (i32.add (local.get $b) (i32.const 8)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br $one)))
        (br_if $stop (i64.lt_u (local.get $sum) (local.get $limit)))
        (local.set $ptr (local.get $a))
        (br $codes)))
    (local.get $ptr))

  ;; Scans the codes from $ptr, which stands at $position, to $end; $dead: a bitmap of removed positions of this chunk, or 0.
  ;; Returns $end, or where it stopped because the room for candidates ends.
  (func (export "scan") (param $s i32) (param $ptr i32) (param $end i32) (param $position i32) (param $dead i32) (result i32)
    (local $words i32) (local $stride i32) (local $to i32) (local $full i32)
    (local.set $words (i32.load offset=32 (local.get $s)))
    (local.set $stride (i32.shl (local.get $words) (i32.const 3)))
    (local.set $full (i32.sub (i32.load offset=20 (local.get $s)) (i32.const 8)))
    (block $stop
      (loop $more
        (br_if $stop (i32.eq (local.get $ptr) (local.get $end)))
        (br_if $stop (i32.gt_u (i32.load offset=16 (local.get $s)) (local.get $full)))
        (local.set $to
          (if (result i32) (i32.eq (local.get $words) (i32.const 1))
            (then (call $skip1 (local.get $s) (local.get $ptr) (local.get $end)))
            (else (if (result i32) (i32.eq (local.get $words) (i32.const 2))
              (then (call $skip2 (local.get $s) (local.get $ptr) (local.get $end)))
              (else (if (result i32) (i32.eq (local.get $words) (i32.const 4))
                (then (call $skip4 (local.get $s) (local.get $ptr) (local.get $end)))
                (else (if (result i32) (i32.eq (local.get $words) (i32.const 8))
                  (then (call $skip8 (local.get $s) (local.get $ptr) (local.get $end)))
                  (else (call $skip (local.get $s) (local.get $ptr) (local.get $end)))))))))))
        (local.set $position (i32.add (local.get $position)
          (i32.div_u (i32.sub (local.get $to) (local.get $ptr)) (local.get $stride))))
        (local.set $ptr (local.get $to))
        (local.set $to (i32.add (local.get $ptr) (i32.const 64)))
        (if (i32.gt_u (local.get $to) (local.get $end)) (then (local.set $to (local.get $end))))
        (block $done
          (loop $codes
            (br_if $done (i32.ge_u (local.get $ptr) (local.get $to)))
            (call $visit (local.get $s) (local.get $ptr) (local.get $position) (local.get $dead))
            (local.set $ptr (i32.add (local.get $ptr) (local.get $stride)))
            (local.set $position (i32.add (local.get $position) (i32.const 1)))
            (br $codes)))
        (br $more)))
    (local.get $ptr)))

package org.pgark.logical.order;

import java.util.Arrays;

/** Numbers of which the largest comes out first: a heap without objects, for a dump may have hundreds of thousands. */
final class LastFirstQueue {
    private int[] heap = new int[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(int number) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int place = size++;
        while (place > 0 && heap[(place - 1) / 2] < number) {
            heap[place] = heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        heap[place] = number;
    }

    /** Takes the largest number out; there has to be one. */
    int remove() {
        int largest = heap[0];
        int moved = heap[--size];
        int place = 0;
        for (int child = 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= moved) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = moved;
        return largest;
    }
}

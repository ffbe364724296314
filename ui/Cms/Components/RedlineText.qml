pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme

// Words with what was taken out and what was put in: colour, a line through or under, never colour alone.
Flow {
    id: flow

    property var segments: []
    property string role: "paperBody"

    function pieces(segments) {
        const out = [];
        for (const segment of segments)
            for (const word of segment.text.split(/(?<=\s)/))
                out.push({
                    "change": segment.change,
                    "text": word
                });
        return out;
    }

    Accessible.role: Accessible.StaticText
    Accessible.name: segments.map(one => one.change === "delete" ? qsTr("taken out: %1").arg(one.text) : one.change === "insert" ? qsTr("put in: %1").arg(one.text) : one.text).join(" ")

    Repeater {
        model: flow.pieces(flow.segments)

        delegate: Rectangle {
            id: piece

            required property var modelData

            width: word.implicitWidth
            height: word.implicitHeight
            color: modelData.change === "insert" ? Theme.insertTint : modelData.change === "delete" ? Theme.removeTint : Theme.transparent

            T {
                id: word

                role: flow.role
                text: piece.modelData.text
                color: piece.modelData.change === "insert" ? Theme.insert : piece.modelData.change === "delete" ? Theme.remove : Theme.ink
                struck: piece.modelData.change === "delete"
                underlined: piece.modelData.change === "insert"
                Accessible.ignored: true
            }
        }
    }
}
